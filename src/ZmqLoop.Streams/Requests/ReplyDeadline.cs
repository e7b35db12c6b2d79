namespace ZmqLoop.Streams;

/// <summary>When a client is answered in the place of a handler that heeds no token: a moment after the handler's time was over. Loop's
/// thread.</summary>
internal sealed class ReplyDeadline : IDisposable
{
    // For a handler that heeds its token, and has something to put away first.
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(1);

    private readonly ZMQStream _stream;
    private readonly Action _answer;
    private readonly CancellationTokenRegistration _registration;
    private TimeoutHandle _timer;

    /// <param name="stream">Whose handler it is.</param>
    /// <param name="answer">Called when its grace is over, unless the handler has ended.</param>
    /// <param name="token">Fires when the handler's time is over, or when the stream closes, which has a limit of its own.</param>
    public ReplyDeadline(ZMQStream stream, Action answer, CancellationToken token)
    {
        _stream = stream;
        _answer = answer;
        _registration = token.UnsafeRegister(static deadline => ((ReplyDeadline)deadline!).Begin(), this);
    }

    public void Dispose()
    {
        _registration.Dispose();
        if (!_timer.IsNone && !_stream.IOLoop.IsClosed) _stream.IOLoop.RemoveTimeout(_timer);
    }

    private void Begin()
    {
        if (!_stream.IsClosed) NullContext.RunDetached(() => _timer = _stream.IOLoop.CallLater(_grace, _answer));
    }
}
