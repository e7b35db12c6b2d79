using System.Globalization;
using ZmqLoop;
using ZmqLoop.Streams;

namespace ZmqLoop_Service;

/// <summary>What the service does: replace it by yours. The stream comes from outside, so that tests can have it without a network.</summary>
public static class SquareRoots
{
    /// <summary>For REQ clients, or DEALERs that send an empty frame first. Who does not read loses answers of their own.</summary>
    public static ZMQStreamOptions Options { get; } = new()
    {
        Name = "square roots",
        EnvelopeFormat = EnvelopeFormat.Delimiter,
        MaxQueuedPerPeer = 1000,
        SendQueueFullMode = SendQueueFullMode.DropWrite,
    };

    public static void Serve(ZMQStream front) => front.OnRecv(async request =>
    {
        // What comes is up to the client.
        if (request.Body is not [Frame number] || !double.TryParse(number.ToText(), CultureInfo.InvariantCulture, out double square))
        {
            front.Send(request.Reply("error: send one number"));
            return;
        }

        await front.IOLoop.Delay(0.01); // the work; it comes back to the loop's thread after each await
        front.Send(request.Reply(Math.Sqrt(square).ToString(CultureInfo.InvariantCulture)));
    });
}
