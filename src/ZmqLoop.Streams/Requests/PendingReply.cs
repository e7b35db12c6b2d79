using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>A request that has no answer yet. Whoever takes it from its <see cref="RequestTable"/> ends it.</summary>
/// <param name="number">By which its answer is known.</param>
/// <param name="options">Its time, and whether it may be sent again.</param>
/// <param name="start">When it was asked for, as the loop's clock counts.</param>
internal sealed class PendingReply(ulong number, RequestOptions options, long start) : Pending<Message>
{
    public ulong Number => number;

    public RequestOptions Options => options;

    public long Start => start;

    /// <summary>Of the request, until it has ended; null where nobody listens.</summary>
    public Activity? Activity { get; set; }

    /// <summary>Where it was asked, for the server.</summary>
    public ActivityContext Trace { get; set; }

    /// <summary>What is sent, without the frame that correlates.</summary>
    public Message Body { get; } = new();

    /// <summary>Its place among those that wait to be in flight.</summary>
    public LinkedListNode<PendingReply>? Waiting { get; set; }

    public bool IsInFlight { get; set; }

    /// <summary>It has ended, and holds nothing any more.</summary>
    public bool IsReleased { get; set; }

    /// <summary>An answer has come, an error included.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Of the try that the stream has not sent yet.</summary>
    public SendTicket? Unsent { get; set; }

    public int TimesSent { get; set; }

    public long LastSent { get; set; }

    /// <summary>Runs until it is sent again.</summary>
    public TimeoutHandle Retry { get; set; }
}
