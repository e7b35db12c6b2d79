using System.Buffers;
using System.Globalization;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>CURVE keys in a file, in the format of czmq and pyzmq: a <c>*.key</c> holds the public key, a <c>*.key_secret</c> both. pyzmq's
/// <c>zmq.auth.certs</c>.</summary>
/// <param name="PublicKey">May be known to everybody.</param>
/// <param name="SecretKey">Keep it; null where the file has none.</param>
/// <param name="Metadata">What else the file says.</param>
public sealed record CurveCertificate(byte[] PublicKey, byte[]? SecretKey, IReadOnlyDictionary<string, string> Metadata)
{
    private const string PublicExtension = ".key";
    private const string SecretExtension = ".key_secret";
    private const string PublicKeyName = "public-key";
    private const string SecretKeyName = "secret-key";

    private static readonly SearchValues<char> _notInNames = SearchValues.Create("=\"\r\n \t#");
    private static readonly SearchValues<char> _notInValues = SearchValues.Create("\"\r\n");
    private static readonly SearchValues<char> _notInFileNames = SearchValues.Create("/\\:*?\"<>|"); // on any system

    /// <summary>Makes a new pair of keys and writes <c>NAME.key</c> and <c>NAME.key_secret</c>, the latter for its owner's eyes only.
    /// <c>create_certificates</c>.</summary>
    /// <param name="directory">Where; it must exist.</param>
    /// <param name="name">The files' name, without folders.</param>
    /// <param name="metadata">Goes into both files.</param>
    /// <param name="engine">Makes the keys; null for the one that this application references.</param>
    /// <returns>The paths of the two files.</returns>
    /// <exception cref="IOException">One of the files exists: keys are not overwritten. Or it cannot be written.</exception>
    /// <exception cref="ArgumentException">The name is none of a file, or the metadata has a line break or a quotation mark in it, or the
    /// name of a key; nothing was written.</exception>
    public static (string PublicFile, string SecretFile) Create(
        string directory, string name, IReadOnlyDictionary<string, string>? metadata = null, ZMQEngine? engine = null)
    {
        VerifyPath(directory, nameof(directory));
        VerifyName(name);
        metadata ??= new Dictionary<string, string>();
        foreach ((string key, string value) in metadata)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(metadata));
            if (key is PublicKeyName or SecretKeyName)
                throw new ArgumentException($"Metadata named '{key}' would be taken for the key: give it another name.", nameof(metadata));
            if (key.Length == 0 || key.AsSpan().ContainsAny(_notInNames) || value.AsSpan().ContainsAny(_notInValues) || IsControl(key)
                || IsControl(value))
                throw new ArgumentException(
                    $"'{EscapedText.Show(key)} = {EscapedText.Show(value)}' cannot be written into a certificate: no quotation marks, no "
                    + "line breaks nor other control characters, and a name without blanks.", nameof(metadata));
        }

        string publicFile = Path.Combine(directory, name + PublicExtension);
        string secretFile = Path.Combine(directory, name + SecretExtension);
        foreach (string file in (string[])[publicFile, secretFile])
        {
            if (File.Exists(file)) throw new IOException($"{file} exists already, and keys are not overwritten: delete it first.");
        }

        CurveKeyPair keys = engine?.CreateCurveKeyPair() ?? CurveKeyPair.Generate();
        Write(secretFile, "ZeroMQ CURVE **Secret** Certificate: do not give this file to others, nor change its permissions.", keys,
            metadata, withSecret: true);
        Write(publicFile, "ZeroMQ CURVE Public Certificate: exchange it by a way that you trust.", keys, metadata, withSecret: false);
        return (publicFile, secretFile);
    }

    /// <summary>Reads a certificate. <c>load_certificate</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">It has no public key, or a key is malformed; the message names the file.</exception>
    public static CurveCertificate Load(string file)
    {
        VerifyPath(file, nameof(file));
        Dictionary<string, string> metadata = [];
        byte[]? publicKey = null;
        byte[]? secretKey = null;
        string section = "";
        foreach (string line in File.ReadLines(file, Encoding.UTF8))
        {
            string text = line.Trim();
            if (text.Length == 0 || text.StartsWith('#')) continue;
            int equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                section = text;
                continue;
            }

            string name = text[..equals].TrimEnd();
            string value = Unquoted(text[(equals + 1)..].Trim());
            if (section == "metadata") metadata[name] = value; // what a key is called in there is no key
            else if (name == PublicKeyName) publicKey = ParseKey(file, value, publicKey);
            else if (name == SecretKeyName) secretKey = ParseKey(file, value, secretKey);
        }

        return publicKey is null ? throw new FormatException($"There is no public key in {file}.")
            : new CurveCertificate(publicKey, secretKey, metadata);
    }

    /// <summary>Reads all <c>*.key</c> files of a directory. <c>load_certificates</c>.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FormatException">One of the files has no public key, or a malformed one.</exception>
    public static IReadOnlyList<CurveCertificate> LoadAll(string directory)
    {
        VerifyPath(directory, nameof(directory));
        return [.. Directory.EnumerateFiles(directory, "*" + PublicExtension)
            .Where(static file => file.EndsWith(PublicExtension, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Load)];
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"CURVE certificate {Z85.Encode(PublicKey)}{(SecretKey is null ? "" : ", with its secret")}";

    private static void VerifyPath(string path, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(path, parameter);
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException($"'{EscapedText.Show(path)}' is no path: there is a NUL character in it.", parameter);
    }

    private static void VerifyName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (name.AsSpan().ContainsAny(_notInFileNames) || IsControl(name) || name is "." or "..")
            throw new ArgumentException(
                $"'{EscapedText.Show(name)}' is no name of a file: the folder is given by itself, and the name has no separators in it.",
                nameof(name));
    }

    private static bool IsControl(string text) => text.Any(char.IsControl);

    /// <summary>Without the one pair of marks around it.</summary>
    private static string Unquoted(string value) =>
        value is ['"', .., '"'] or ['\'', .., '\''] ? value[1..^1] : value;

    private static byte[] ParseKey(string file, string text, byte[]? before)
    {
        if (before is not null) throw new FormatException($"{file} has more than one key of a kind.");
        try
        {
            return CurveKeyPair.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{file} has a malformed key: {exception.Message}", exception);
        }
    }

    private static void Write(string file, string purpose, CurveKeyPair keys, IReadOnlyDictionary<string, string> metadata, bool withSecret)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (withSecret && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using StreamWriter writer = new(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options) { NewLine = "\n" };
        writer.WriteLine(
            $"#   ****  Generated on {TimeProvider.System.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} by "
            + "ZmqLoop  ****");
        writer.WriteLine($"#   {purpose}");
        writer.WriteLine();
        writer.WriteLine("metadata");
        foreach ((string name, string value) in metadata) writer.WriteLine($"    {name} = \"{value}\"");
        writer.WriteLine("curve");
        writer.WriteLine($"    {PublicKeyName} = \"{keys.PublicKeyText}\"");
        if (withSecret) writer.WriteLine($"    {SecretKeyName} = \"{keys.SecretKeyText}\"");
    }
}
