namespace ZmqLoop.Streams;

/// <summary>The end of a service: what has come is served, what it leads to is done, and the stream is closed. Loop's thread.</summary>
internal sealed class StreamShutdown(ZMQStream stream, TimeSpan limit, Func<Task>? work)
{
    private const int MostCounted = 100_000;

    // Nothing stops the senders: a quarter of a second without a message is the end of what they have sent.
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(0.01);

    private readonly IOLoop _loop = stream.IOLoop;
    private readonly long _start = stream.IOLoop.TimeProvider.GetTimestamp();

    private TimeSpan Left
    {
        get
        {
            TimeSpan left = limit - _loop.TimeProvider.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public async Task<bool> RunAsync()
    {
        int unread = 0;
        TimeSpan left = limit;
        bool isClean;
        try
        {
            if (stream.Receives) unread = await ServeAsync();
            left = Left;
            await (work?.Invoke() ?? Task.CompletedTask);
        }
        finally
        {
            isClean = await stream.CloseAsync(left);
        }

        return isClean && unread == 0;
    }

    /// <summary>Serves what has come, for half of the time at most; the other half is for what it led to.</summary>
    /// <returns>How many messages had come, and were not read.</returns>
    private async Task<int> ServeAsync()
    {
        TimeSpan half = limit / 2;
        while (Left > half && !stream.IsClosed && await stream.PollAsync(IOEvents.Read, Shorter(_quiet, Left - half)) != IOEvents.None)
            await _loop.Delay(_pause);
        if (stream.IsClosed) return 0;
        stream.StopOnRecv();
        int unread = stream.Discard(MostCounted);
        stream.EndReading(unread);
        if (unread > 0) StreamReports.Unread(_loop.Logger, stream, unread);
        return unread;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
