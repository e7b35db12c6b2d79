namespace ZmqLoop.Streams;

/// <summary>The token of a handler whose client has said for how long it waits. Made and ended on the loop's thread.</summary>
internal sealed class RequestDeadline : IDisposable
{
    private readonly IOLoop _loop;
    private readonly CancellationTokenSource _source;
    private readonly TimeoutHandle _timer;

    public RequestDeadline(IOLoop loop, TimeSpan left, CancellationToken closing)
    {
        _loop = loop;
        _source = CancellationTokenSource.CreateLinkedTokenSource(closing);
        _timer = NullContext.RunDetached(() => loop.CallLater(left, _source.Cancel));
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        if (!_loop.IsClosed) _loop.RemoveTimeout(_timer);
        _source.Dispose();
    }
}
