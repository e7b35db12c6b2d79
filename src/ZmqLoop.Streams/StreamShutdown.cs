namespace ZmqLoop.Streams;

/// <summary>The end of a service: what has come is served, what it leads to is done, and the stream is closed. Loop's thread.</summary>
internal sealed class StreamShutdown(ZMQStream stream, TimeSpan limit, Func<Task>? work)
{
    private const int MostCounted = 100_000;

    // Nothing stops the senders: a quarter of a second without a message is the end of what they have sent. And whoever is answered in that
    // time has it to read the answer: a client that is Immediate, as a RequestClient is, loses with its connection what it has not read.
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

    private long Sent => stream.Statistics.Sent;

    private bool IsAtWork => stream.HandlersRunning > 0 || stream.IsSending;

    public async Task<bool> RunAsync()
    {
        int unread = 0;
        TimeSpan left = limit;
        bool isClean;
        try
        {
            if (stream.Receives) unread = await ServeAsync();
            left = Left;
            long sent = Sent;
            await (work?.Invoke() ?? Task.CompletedTask);
            if (stream.Receives && Sent > sent && !IsAtWork && !stream.IsClosed) await _loop.Delay(Shorter(_quiet, left));
        }
        finally
        {
            isClean = await stream.CloseAsync(left);
        }

        return isClean && unread == 0;
    }

    /// <summary>Serves what has come until nothing comes or goes any more, for half of the time at most; the other half is for what it led
    /// to.</summary>
    /// <returns>How many messages had come, and were not read.</returns>
    private async Task<int> ServeAsync()
    {
        TimeSpan half = limit / 2;
        bool isQuiet = false;
        while (!isQuiet && Left > half && !stream.IsClosed)
        {
            long sent = Sent;
            if (await ComesAsync(Shorter(_quiet, Left - half))) await _loop.Delay(_pause);
            else isQuiet = !IsAtWork && Sent == sent;
        }

        if (stream.IsClosed) return 0;
        stream.StopOnRecv();
        int unread = stream.Discard(MostCounted);
        stream.EndReading(unread);
        if (unread > 0) StreamReports.Unread(_loop.Logger, stream, unread);
        return unread;
    }

    /// <summary>Waits for a message, for so long at most. None comes where somebody closes the stream meanwhile.</summary>
    private async Task<bool> ComesAsync(TimeSpan limit)
    {
        try
        {
            return await stream.PollAsync(IOEvents.Read, limit) != IOEvents.None;
        }
        catch (ObjectDisposedException) when (stream.IsClosed)
        {
            return false;
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
