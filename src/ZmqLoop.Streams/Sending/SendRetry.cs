namespace ZmqLoop.Streams;

/// <summary>A timer, beside <c>IOEvents.Activity</c>, for whoever waits for a peer of a socket that always calls itself writable: a sign
/// that came in the middle of a send may be lost, or be swallowed by somebody who uses the socket unseen. Loop's thread.</summary>
/// <param name="loop">The loop.</param>
/// <param name="retry">Tries again.</param>
internal sealed class SendRetry(IOLoop loop, Action retry)
{
    private static readonly TimeSpan _delay = TimeSpan.FromMilliseconds(50);

    private Action? _retry;
    private TimeoutHandle _timer;

    /// <summary>Tries again in a while; once, however often this is called until then.</summary>
    public void Schedule()
    {
        if (_timer.IsNone) NullContext.RunDetached(() => _timer = loop.CallLater(_delay, _retry ??= Retry));
    }

    /// <summary>Does not try again.</summary>
    public void Cancel()
    {
        if (!_timer.IsNone && !loop.IsClosed) loop.RemoveTimeout(_timer);
        _timer = default;
    }

    private void Retry()
    {
        _timer = default; // first: what has no room again schedules anew
        retry();
    }
}
