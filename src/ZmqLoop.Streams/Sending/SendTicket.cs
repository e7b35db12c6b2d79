using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>Who is to be told what became of a message, and until when it may be sent. Plain sends have none.</summary>
internal sealed class SendTicket
{
    /// <summary>Of this message alone, with its contexts.</summary>
    public Action<Message, Exception?>? Callback { get; init; }

    /// <summary>Names the callback in reports.</summary>
    public CallbackOrigin? Origin { get; init; }

    /// <summary>What flowed to where the callback was given.</summary>
    public ExecutionContext? Flow { get; init; }

    /// <summary>The task of SendAsync.</summary>
    public TaskCompletionSource? Completion { get; init; }

    /// <summary>Until when it may be sent, on the scale of <see cref="IOLoop.Time"/>.</summary>
    public double Deadline { get; init; } = double.PositiveInfinity;

    public bool Expires => !double.IsPositiveInfinity(Deadline);

    public CancellationToken CancelToken { get; init; }

    public CancellationTokenRegistration Cancellation { get; set; }

    /// <summary>Runs while the message is stuck.</summary>
    public TimeoutHandle Timer { get; set; }

    /// <summary>The queue's: the message, for as long as it waits.</summary>
    public QueuedMessage? Entry { get; set; }

    /// <summary>The queue's: cancelled while it was being sent, which counts if it was not sent.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>Of the sending, until the message's fate is decided; null where nobody listens.</summary>
    public Activity? Activity { get; set; }

    /// <summary>What goes with the message as its last frame, and is shown to nobody here; null for nothing.</summary>
    public Frame? Trace { get; set; }

    /// <summary>The message's fate is decided.</summary>
    public void EndActivity(Exception? error)
    {
        if (Activity is not { } activity) return;
        Activity = null;
        Activities.End(activity, SendOutcomes.TypeOf(error));
    }
}
