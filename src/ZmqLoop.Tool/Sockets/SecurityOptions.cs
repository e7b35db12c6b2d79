using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Sockets;

/// <summary>CURVE and PLAIN, as a server or a client.</summary>
/// <param name="side">What the options' names begin with where a command has several sockets, such as <c>frontend-</c>.</param>
internal sealed class SecurityOptions(string side = "")
{
    private const string PasswordVariable = "ZMQLOOP_PASSWORD";

    private readonly Option<string?> _serverKey = new($"--{side}server-key")
    {
        Description = "CURVE, as a client: the server's public key, or its certificate file (NAME.key).",
        HelpName = "key|file",
    };

    private readonly Option<string?> _certificate = new($"--{side}cert")
    {
        Description = "CURVE: the own certificate with its secret (NAME.key_secret, of zmqloop keygen). Without "
            + $"--{side}server-key this is the server; a client without --{side}cert takes new keys.",
        HelpName = "file",
    };

    private readonly Option<string[]> _allow = new($"--{side}allow")
    {
        Description = "CURVE, as a server: lets in only those with these public certificates; a file (NAME.key) or a folder of them.",
        HelpName = "file|folder",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string?> _user = new($"--{side}user")
    {
        Description = $"PLAIN, as a client: the name. The password is the first line of --{side}password-file, or in "
            + $"{PasswordVariable}.",
        HelpName = "name",
    };

    private readonly Option<string?> _password = new($"--{side}password")
    {
        Description = "PLAIN: seen by all users of the machine; avoid it.",
    };

    private readonly Option<string?> _passwordFile = new($"--{side}password-file")
    {
        Description = "PLAIN: the password.",
        HelpName = "file",
    };

    private readonly Option<string?> _users = new($"--{side}users")
    {
        Description = "PLAIN, as a server: whom to let in; a file with NAME:PASSWORD in each line.",
        HelpName = "file",
    };

    private string Domain => side.Length == 0 ? "zmqloop" : side.TrimEnd('-');

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_serverKey, _certificate, _allow, _user, _password, _passwordFile, _users])
            command.Options.Add(option);
    }

    /// <summary>Sets what the command line says, and begins to authenticate, before the socket is bound.</summary>
    public void Apply(Session session, ZMQSocket socket, ParseResult result)
    {
        string? serverKey = result.GetValue(_serverKey);
        string? certificate = result.GetValue(_certificate);
        string[] allowed = result.GetValue(_allow)!;
        string? user = result.GetValue(_user);
        string? users = result.GetValue(_users);
        if ((serverKey ?? certificate) is not null && (user ?? users) is not null)
            throw new ToolException("A socket speaks CURVE or PLAIN: take the options of one.");
        if (allowed.Length > 0 && (certificate is null || serverKey is not null))
            throw new ToolException(
                $"{_allow.Name} is for a CURVE server, which has {_certificate.Name} and no {_serverKey.Name}.");
        if (user is null && (result.GetValue(_password) ?? result.GetValue(_passwordFile)) is not null)
            throw new ToolException($"A password goes with a name: add {_user.Name} NAME.");
        if (serverKey is not null) BeCurveClient(session, socket, serverKey, certificate);
        else if (certificate is not null) BeCurveServer(session, socket, certificate, allowed);
        if (user is not null && users is not null)
            throw new ToolException($"{_user.Name} is for a client and {_users.Name} for a server: take one.");
        if (user is not null) BePlainClient(session, socket, user, result);
        if (users is not null) BePlainServer(session, socket, users);
    }

    private void BeCurveClient(Session session, ZMQSocket socket, string serverKey, string? certificate)
    {
        CurveKeyPair own = certificate is null ? session.Engine.CreateCurveKeyPair() : SecretOf(certificate);
        WarnOfNetMQ(session);
        socket.CurveServerKey = File.Exists(serverKey) ? Load(serverKey).PublicKey : ParseKey(serverKey);
        socket.CurvePublicKey = own.PublicKey;
        socket.CurveSecretKey = own.SecretKey;
    }

    private void BeCurveServer(Session session, ZMQSocket socket, string certificate, string[] allowed)
    {
        CurveKeyPair own = SecretOf(certificate);
        WarnOfNetMQ(session);
        if (session.Engine.AsksAuthenticators)
        {
            socket.ZapDomain = Domain; // the other side may let in others; and once one side asks, libzmq asks for both
            if (allowed.Length == 0) session.Authenticator.ConfigureCurveAllowAny(Domain);
            else session.Authenticator.ConfigureCurve(Domain, allowed.SelectMany(LoadAll).Select(static one => one.PublicKey));
        }
        else if (allowed.Length > 0) throw Lacks(_allow);

        socket.CurveServer = true;
        socket.CurvePublicKey = own.PublicKey;
        socket.CurveSecretKey = own.SecretKey;
    }

    private void BePlainClient(Session session, ZMQSocket socket, string user, ParseResult result)
    {
        if (!session.Engine.AsksAuthenticators) throw Lacks(_user);
        socket.PlainUsername = user;
        socket.PlainPassword = ReadPassword(session, result);
    }

    private void BePlainServer(Session session, ZMQSocket socket, string users)
    {
        if (!session.Engine.AsksAuthenticators) throw Lacks(_users);
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        foreach (string line in ReadLines(users).Where(static line => line.Length > 0 && !line.StartsWith('#')))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) throw new ToolException($"{users} has a line without a name: write NAME:PASSWORD in each.");
            known[line[..colon]] = line[(colon + 1)..];
        }

        socket.ZapDomain = Domain;
        session.Authenticator.ConfigurePlain(Domain, known);
        socket.PlainServer = true;
    }

    private string ReadPassword(Session session, ParseResult result)
    {
        if (result.GetValue(_passwordFile) is { } file)
            return ReadLines(file).FirstOrDefault() ?? throw new ToolException($"{file} is empty.");
        if (result.GetValue(_password) is { } password)
        {
            session.Warn("warning: all users of this machine can see a password on the command line; use "
                + $"{_passwordFile.Name} or {PasswordVariable}");
            return password;
        }

        return Environment.GetEnvironmentVariable(PasswordVariable)
            ?? throw new ToolException(
                $"{_user.Name} needs a password: {_passwordFile.Name} FILE, or the environment variable {PasswordVariable}.");
    }

    private static void WarnOfNetMQ(Session session)
    {
        if (!session.Engine.AsksAuthenticators)
            session.Warn("warning: NetMQ lets the peer decide whether CURVE encrypts; --engine libzmq insists on it");
    }

    private static ToolException Lacks(Option option) =>
        new($"{option.Name} needs libzmq, since NetMQ authenticates nobody: add --engine libzmq.");

    private CurveKeyPair SecretOf(string file) => Load(file) is { SecretKey: { } secret } certificate
        ? new CurveKeyPair(certificate.PublicKey, secret)
        : throw new ToolException($"{file} has no secret key: {_certificate.Name} takes the file NAME.key_secret.");

    private static CurveCertificate Load(string file) => Reading(file, CurveCertificate.Load);

    private static IReadOnlyList<CurveCertificate> LoadAll(string path) =>
        Directory.Exists(path) ? Reading(path, CurveCertificate.LoadAll) : [Load(path)];

    private static string[] ReadLines(string file) => Reading(file, File.ReadAllLines);

    private static byte[] ParseKey(string text) => Reading(text, CurveKeyPair.Parse);

    private static T Reading<T>(string what, Func<string, T> read)
    {
        try
        {
            return read(what);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{what} cannot be read: {exception.Message}");
        }
        catch (FormatException exception)
        {
            throw new ToolException(exception.Message.Contains(what, StringComparison.Ordinal) ? exception.Message
                : $"'{what}' is no file, and no key: {exception.Message}");
        }
    }
}
