using System.Text;

namespace ZmqLoop.Chaos.Wire;

/// <summary>Those that read frames of strangers behind a socket, and text, and may refuse nothing by an exception.</summary>
internal static class FrameTargets
{
    private const int MostEscaped = 50;

    public static IReadOnlyList<ParserTarget> All { get; } =
    [
        new("correlation frame",
        [
            new CorrelationFrame(7, CorrelationKind.Request, null).ToFrame().ToArray(),
            new CorrelationFrame(7, CorrelationKind.Error, TimeSpan.FromSeconds(3)).ToFrame().ToArray(),
            new CorrelationFrame(7, CorrelationKind.Cancellation, null).ToFrame().ToArray(),
            [.. "ZLR1?"u8, .. new byte[8], .. Enumerable.Repeat((byte)9, 25)],
        ], [], Correlation),
        new("remote error", [[5, .. "error"u8, 3, .. "bad"u8, 4, .. "what"u8], [5, .. "error"u8]], [], RemoteError),
        new("request of ZAP", [Request("NULL"), Request("PLAIN", "user", "password"), Request("CURVE", new string('k', 32))], [], Zap),
        new("peer of ipc", [.. new[] { "localhost:1:2:3", "", ":::", "localhost" }.Select(Encoding.UTF8.GetBytes)], [], Ipc),
        new("endpoint to verify", [.. new[] { "tcp://127.0.0.1:5555", "tcp://*:*", "tcp://[::1%lo]:9;tcp", "ipc:///tmp/x", "inproc://x" }
            .Select(Encoding.UTF8.GetBytes)], [typeof(ZMQException), typeof(ArgumentException)], Endpoint),
        new("subscriptions", [[2, 1, 97, 2, 0, 97], [1, 1, 1, 0]], [], Subscriptions),
        new("text to show", [[.. "a\n\u001b[31m\u202e\\'\"😀"u8], [0xF0, 0x9F, 0x98]], [], Escaped),
    ];

    private static byte[] Request(string mechanism, params string[] credentials)
    {
        string[] frames = ["", "1.0", "7", "domain", "127.0.0.1", "id", mechanism, .. credentials];
        return [.. frames.SelectMany(static frame => new[] { (byte)frame.Length }.Concat(Encoding.UTF8.GetBytes(frame)))];
    }

    /// <summary>Each frame behind a byte that is its length.</summary>
    private static Frame[] Frames(byte[] input)
    {
        List<Frame> frames = [];
        for (int at = 0; at < input.Length && frames.Count < 100;)
        {
            int length = Math.Min(input[at], input.Length - at - 1);
            frames.Add(Frame.Own(input[(at + 1)..(at + 1 + length)]));
            at += 1 + length;
        }

        return [.. frames];
    }

    private static string Correlation(byte[] input)
    {
        if (CorrelationFrame.Parse(Frame.Own(input)) is not { } read) return "none";
        CorrelationFrame? again = CorrelationFrame.Parse(read.ToFrame());
        return again is { } other && other.Number == read.Number && other.Kind == read.Kind && other.TimeLeft == read.TimeLeft
            && other.Trace == read.Trace ? $"{read.Kind} {read.TimeLeft is null} {read.Trace == default}"
            : throw new InvalidDataException($"{read} came out as {again}.");
    }

    private static string RemoteError(byte[] input)
    {
        RemoteException read = RemoteErrorFrames.Read(Frames(input));
        VerifyPlain(read.Message);
        VerifyPlain(read.Code);
        return $"{read.Code.Length > 0}";
    }

    private static string Zap(byte[] input)
    {
        Message message = new(Frames(input));
        int start = Authenticator.EndOfEnvelope(message);
        if (message.Count - start < 2) return "ignored";
        AuthenticationRequest? request = Authenticator.Parse(message, start, out string problem);
        if ((request is null) != (problem.Length > 0)) throw new InvalidDataException($"{request} with '{problem}'.");
        if (request is null) return problem;
        VerifyPlain(request.ToString()!);
        return request.Mechanism switch
        {
            "CURVE" => $"CURVE {Z85.Decode(request.PublicKeyText).Length}",
            "PLAIN" => $"PLAIN {request.Username.Length > 0}",
            _ => $"{request.Mechanism.Length}",
        };
    }

    private static string Ipc(byte[] input)
    {
        if (!IpcPeer.TryParse(Encoding.UTF8.GetString(input), out IpcPeer? peer)) return "none";
        return peer.Value.UserId is null or (>= 0 and <= uint.MaxValue) ? $"{peer.Value.UserId is null} {peer.Value.GroupId is null}"
            : throw new InvalidDataException($"{peer}");
    }

    private static string Endpoint(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        EndpointParser.Verify(input.Length % 2 == 0 ? EndpointCall.Bind : EndpointCall.Connect, text);
        return "right";
    }

    private static string Subscriptions(byte[] input)
    {
        Frame[] frames = Frames(input);
        bool hides = SubscriptionFrames.HideAmongOthers(frames);
        bool expected = frames.Length > 1 && frames.Any(static frame => frame.ToArray() is [0 or 1, ..]);
        return hides == expected ? $"{hides} {SubscriptionFrames.FindTooLong(frames)}" : throw new InvalidDataException("Hidden.");
    }

    private static string Escaped(byte[] input)
    {
        Frame frame = Frame.Own(input);
        string shown = EscapedText.Show(frame), line = EscapedText.Line(frame, MostEscaped);
        VerifyPlain(shown);
        VerifyPlain(line);
        return $"{shown.Length > input.Length}";
    }

    /// <summary>It makes no line of its own, and steers no terminal.</summary>
    private static void VerifyPlain(string text)
    {
        if (text.Any(static letter => char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\u202e'))
            throw new InvalidDataException($"Not plain: {Convert.ToHexString(Encoding.UTF8.GetBytes(text))}");
    }
}
