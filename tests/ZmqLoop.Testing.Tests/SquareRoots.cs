using ZmqLoop.Streams;

namespace ZmqLoop.Testing.Tests;

/// <summary>README's service, with its stream from outside, so that a test can have it on a socket of its own.</summary>
internal static class SquareRoots
{
    public static ZMQStreamOptions Options { get; } = new() { EnvelopeFormat = EnvelopeFormat.Delimiter };

    public static void Serve(ZMQStream front) => front.OnRecv(request =>
    {
        ExceptionStackContext errors = new(e => { front.Send(request.Reply("error: " + e.Message)); return true; });
        errors.Run(() => front.IOLoop.CallLater(0.1,
            () => front.Send(request.Reply($"{Math.Sqrt(double.Parse(request[^1].ToText()))}"))));
    });
}
