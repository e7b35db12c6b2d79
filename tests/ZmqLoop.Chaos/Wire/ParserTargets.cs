using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Wire;

/// <summary>The parsers, with what is right for each.</summary>
internal sealed class ParserTargets : IDisposable
{
    private static readonly JsonTypeInfo<Dictionary<string, int[]>> _json =
        (JsonTypeInfo<Dictionary<string, int[]>>)JsonSerializerOptions.Default.GetTypeInfo(typeof(Dictionary<string, int[]>));

    private readonly string _folder = Directory.CreateTempSubdirectory("chaos-").FullName;
    private readonly ZMQEngine _engine;
    private readonly ZMQIOLoop _loop;

    public ParserTargets(Arena arena)
    {
        _engine = arena.CreateEngine();
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false });
    }

    public IReadOnlyList<ParserTarget> All =>
    [
        new("Z85", Texts(SecretKeys.Server.PublicKeyText, "", "00000", "#####"), [typeof(FormatException)], ParseZ85),
        new("certificate", Texts(Certificate(true), Certificate(false), "curve\n public-key = \"\""), [typeof(FormatException)],
            ParseCertificate),
        new("certificates of a folder", Texts(Certificate(false)), [typeof(FormatException)], ParseFolder),
        new("endpoint to bind", Texts("tcp://127.0.0.1:*", "tcp://[::1]:*", "tcp://*:0", "ipc://*", "inproc://x", "tcp://[::]:65536"),
            [typeof(ZMQException), typeof(ArgumentException), typeof(NotSupportedException)], text => Endpoint(text, binds: true)),
        new("endpoint to connect", Texts("tcp://127.0.0.1:5555", "tcp://[::1%lo]:5555", "tcp://127.0.0.1:0;127.0.0.1:9"),
            [typeof(ZMQException), typeof(ArgumentException), typeof(NotSupportedException)], text => Endpoint(text, binds: false)),
        new("address rule", Texts("10.0.0.1", "10.0.0.0/8", "fe80::/10", "fe80::1%1", "::ffff:10.0.0.1", "::1/128", "0.0.0.0/0"),
            [typeof(ArgumentException), typeof(FormatException)], AddressRule),
        new("envelope", [[1, 5, 0, 2, 0, 9], [0], [3, 1, 1, 1, 0, 4]], [typeof(InvalidOperationException)], Envelope),
        new("monitor's event", [[6, 1, 0, 0, 0, 0, 0, 3, 97, 98, 99], [6, 255, 255, 255, 255, 255, 255, 0]],
            [typeof(FormatException)], Event),
        new("JSON", Texts("{\"a\":[1,2,3]}", "{}", "null", "{\"a\":null}"), [typeof(JsonException)], Json),
        new("text", Texts("hello", "ä€😀"), [], static bytes => $"{Frame.Own(bytes).ToText().Length > 3}"),
        .. FrameTargets.All,
    ];

    public void Dispose()
    {
        _loop.Dispose();
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static byte[][] Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    private static string Certificate(bool withSecret) => $"""
        #   ****  Generated for a test  ****
        metadata
            name = "alice"
        curve
            public-key = "{SecretKeys.Client.PublicKeyText}"
        {(withSecret ? $"    secret-key = \"{SecretKeys.Client.SecretKeyText}\"" : "")}
        """;

    private static string ParseZ85(byte[] input)
    {
        string text = Encoding.Latin1.GetString(input);
        string again = Z85.Encode(Z85.Decode(text));
        return again == text ? "read" : throw new InvalidDataException($"'{text}' came out as '{again}'.");
    }

    private string ParseCertificate(byte[] input)
    {
        string file = Path.Combine(_folder, "one.txt");
        File.WriteAllBytes(file, input);
        CurveCertificate read = CurveCertificate.Load(file);
        return read.PublicKey.Length == 32 && read.SecretKey is null or { Length: 32 } ? $"{read.SecretKey is null} {read.Metadata.Count}"
            : throw new InvalidDataException("A key of another length.");
    }

    private string ParseFolder(byte[] input)
    {
        File.WriteAllBytes(Path.Combine(_folder, "one.key"), input);
        return $"{CurveCertificate.LoadAll(_folder).Count}";
    }

    /// <summary>What is neither a number nor in brackets is a name.</summary>
    private static bool HasName(string endpoint)
    {
        const string Tcp = "tcp://";
        if (!endpoint.StartsWith(Tcp, StringComparison.OrdinalIgnoreCase)) return false;
        int depth = 0;
        foreach (char character in endpoint.AsSpan(Tcp.Length))
        {
            if (character == '[') depth++;
            else if (character == ']') depth--;
            else if (depth <= 0 && !char.IsAsciiDigit(character) && !".:*;".Contains(character, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    private string Endpoint(byte[] input, bool binds)
    {
        string text = Encoding.UTF8.GetString(input);
        if (text.StartsWith("ipc", StringComparison.OrdinalIgnoreCase) && text != "ipc://*") return "a file, somewhere";
        if (HasName(text)) return "a name to look up, elsewhere"; // which takes as long as its name server does
        using ZMQSocket socket = _engine.CreateSocket(SocketType.Dealer);
        socket.Linger = TimeSpan.Zero;
        socket.IPv6 = text.Contains('[', StringComparison.Ordinal);
        if (binds) socket.Bind(text);
        else socket.Connect(text);
        return "done";
    }

    private string AddressRule(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        new Authenticator(_loop, _engine).Deny(text);
        return text.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4";
    }

    /// <summary>Each byte is the length of a frame.</summary>
    private static string Envelope(byte[] input)
    {
        EnvelopeFormat[] formats = [EnvelopeFormat.RoutingId, EnvelopeFormat.Delimiter, EnvelopeFormat.Marker("xx")];
        string answer = "";
        foreach (EnvelopeFormat format in formats)
        {
            Message message = new([.. input.Take(100).Select(static length => Frame.Own(new byte[length]))]) { EnvelopeFormat = format };
            int envelope = message.Envelope.Length;
            int body = message.Body.Length;
            answer += $"{envelope > 0} {body > 0} ";
            bool isWhole = envelope + body == message.Count || (body == 0 && envelope <= 1); // the second: of who does not speak it
            if (!isWhole) throw new InvalidDataException($"{envelope} + {body} of {message.Count}.");
            if (envelope > 0 && message.Reply("answer").Count is var count && count != envelope + 1 && count != envelope + 2)
                throw new InvalidDataException($"A reply of {count} frames behind an envelope of {envelope}.");
        }

        return answer;
    }

    /// <summary>The first byte is the length of the first frame, the rest is the other's.</summary>
    private static string Event(byte[] input)
    {
        if (input.Length == 0) return $"{SocketEvent.Parse(new Message(Frame.Empty))}";
        int first = Math.Min(input[0], input.Length - 1);
        Message message = new(Frame.Own(input[1..(1 + first)]), Frame.Own(input[(1 + first)..]));
        SocketEvent read = SocketEvent.Parse(message);
        return $"{read.Event} {read.Reason.Length > 0} {read.ToString().Length > 0}";
    }

    private static string Json(byte[] input)
    {
        Dictionary<string, int[]>? read = Frame.Own(input).ToJson(_json);
        if (read is null) return "null";
        Frame again = Frame.FromJson(read, _json);
        return again.ToJson(_json)!.Count == read.Count ? "read" : throw new InvalidDataException("It came out as another.");
    }
}
