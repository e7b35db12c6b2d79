namespace ZmqLoop.Streams;

// Closing, and who holds a stream that nobody closes.
public sealed partial class ZMQStream
{
    /// <summary>The garbage collector found that nobody holds the stream, and nothing can happen on it. The loop closes it, and says
    /// so.</summary>
    ~ZMQStream() => _life?.Forget();

    /// <summary>False for a socket that only sends.</summary>
    internal bool Receives => _life.Receives;

    /// <summary>How many messages had come and were not read when <see cref="FinishAsync"/> came to its end with reading, and are lost;
    /// 100,000 for that many and more. Null where that has not happened. Any thread.</summary>
    public int? UnreadMessages => Volatile.Read(ref _unread) is >= 0 and var count ? count : null;

    /// <summary>How long ago the stream was made, by its loop's clock. Any thread.</summary>
    public TimeSpan Age => _life.Age;

    /// <summary>The streams that are open at this moment: for diagnostics, with <see cref="ToString"/>, <see cref="Age"/> and the other
    /// properties of each. Any thread. As asyncio's <c>all_tasks()</c>.</summary>
    /// <param name="loop">Only the streams on this loop; null for all of the process.</param>
    /// <remarks>Who keeps the list keeps the streams.</remarks>
    public static IReadOnlyList<ZMQStream> GetOpenStreams(IOLoop? loop = null) =>
        [.. StreamRegistry.Open().Where(life => loop is null || ReferenceEquals(life.Loop, loop))
            .Select(static life => (ZMQStream)life.Owner)];

    /// <summary>Called once, when the stream was closed, after the unsent messages were reported; replaces the one before.
    /// <c>set_close_callback</c>.</summary>
    /// <param name="callback">Runs in the contexts in force now; null for none.</param>
    public void SetCloseCallback(Action? callback) => _life.SetCloseCallback(callback);

    /// <summary>Closes the stream and its socket. What is queued is not sent: its callbacks get an <see cref="ObjectDisposedException"/>.
    /// Any thread; twice is fine. <c>close</c>.</summary>
    /// <param name="linger">How long what the socket has taken may still be sent in the background; null for the socket's
    /// <see cref="ZMQSocket.Linger"/>, by default five seconds.</param>
    /// <remarks>On another thread than the loop's, the loop closes it, soon.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">No socket can linger for so long; nothing has changed.</exception>
    public void Close(TimeSpan? linger = null) => _life.Close(linger);

    /// <summary>Stops receiving, waits for async handlers under way, sends what is queued and what they still send, then closes. Any
    /// thread; twice is fine.</summary>
    /// <param name="drain">For how long at most.</param>
    /// <remarks>Once no handler is under way, sending throws. A handler must not await the close of its own stream: each would wait for the
    /// other, until the time is over.</remarks>
    /// <returns>A task that ends when the stream is closed: with true where no handler was left and the socket had taken all that was
    /// queued; with false where something was left: the time was over first, or <see cref="Close(TimeSpan?)"/> was called
    /// meanwhile. While the loop does not run, only what the socket takes at once is sent, and the stream is closed on return. What the
    /// socket has taken goes on being sent for as long as it lingers.</returns>
    public Task<bool> CloseAsync(TimeSpan drain)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drain, TimeSpan.Zero);
        return _life.CloseAsync(drain);
    }

    /// <summary>Ends a service that nobody tells its clients of: serves what has come, until a quarter of a second passes in which no
    /// message comes or goes and no async handler is under way, for half of the time at most; then <see cref="CloseAsync"/>, at which the
    /// tokens of handlers fire. Any thread. For <see cref="IOLoop.StopOnSignals"/>, or where a host's token fires.</summary>
    /// <param name="limit">For how long in all, without <paramref name="work"/>.</param>
    /// <param name="work">Awaited on the loop, when nothing is received any more and all can still be sent: until what the messages led to
    /// has been answered, where the receive callback is no async handler, which is waited for anyway. Null for nothing.</param>
    /// <returns>True where nothing was left: no message unread, no handler, nothing to send. How many were left unread, and are lost, a
    /// warning says, and <see cref="UnreadMessages"/>.</returns>
    /// <remarks>While the loop does not run it is the same as <see cref="CloseAsync"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public Task<bool> FinishAsync(TimeSpan limit, Func<Task>? work = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero);
        return IOLoop.IsRunning ? IOLoop.InvokeAsync(new StreamShutdown(this, limit, work).RunAsync) : CloseAsync(limit);
    }

    /// <summary>Nothing is read any more. Loop's thread.</summary>
    internal void EndReading(int unread) => Volatile.Write(ref _unread, unread);

    /// <summary>When a drain waits no more for the handlers that are left, this may still send. Loop's thread.</summary>
    internal void OnHandlersGivenUp(Action answer) => _turn.Handlers.GivenUp = answer;

    /// <summary>The same as <see cref="Close(TimeSpan?)"/> with the socket's linger.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>The same as <see cref="CloseAsync"/> with <see cref="ZMQStreamOptions.DrainTime"/>.</summary>
    public ValueTask DisposeAsync()
    {
        Task closed = CloseAsync(_options.DrainTime);
        GC.SuppressFinalize(this);
        return new ValueTask(closed);
    }
}
