namespace ZmqLoop.Streams;

/// <summary>One async receive callback that has not ended yet.</summary>
/// <param name="origin">Whose callback it is.</param>
/// <param name="start">When it began to wait, as the loop's clock counts.</param>
/// <param name="cancellation">Of the token that it was given; null where that is the stream's own, or none.</param>
internal sealed class AsyncHandler(CallbackOrigin origin, long start, CancellationTokenSource? cancellation)
{
    public CallbackOrigin Origin => origin;

    public long Start => start;

    public CancellationTokenSource? Cancellation => cancellation;

    /// <summary>It was said in the log that it takes long.</summary>
    public bool IsTold { get; set; }

    /// <summary>Its token was cancelled, since its time was over.</summary>
    public bool IsTimedOut { get; set; }
}
