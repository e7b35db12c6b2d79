namespace ZmqLoop.Streams;

/// <summary>For how long an async handler's client waits: until the time is over that it has told, or until it says that it does not.
/// Made and ended on the loop's thread.</summary>
internal sealed class RequestLifetime : IDisposable
{
    private readonly IOLoop _loop;
    private readonly CancellationTokenSource _source;
    private readonly TimeoutHandle _timer;
    private bool _ended;

    public RequestLifetime(IOLoop loop, RequestKey key, TimeSpan? left, CancellationToken closing)
    {
        _loop = loop;
        Key = key;
        _source = CancellationTokenSource.CreateLinkedTokenSource(closing);
        if (left is { } time) _timer = NullContext.RunDetached(() => loop.CallLater(time, _source.Cancel));
    }

    public RequestKey Key { get; }

    /// <summary>The handler's.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The client has said that it does not wait any more.</summary>
    public bool IsCalledOff { get; private set; }

    /// <summary>Another one of the same key: the client has sent its request again.</summary>
    public RequestLifetime? Earlier { get; set; }

    /// <exception cref="AggregateException">What waits for the token has thrown.</exception>
    public void Cancel()
    {
        if (!_ended) _source.Cancel();
    }

    /// <summary>Its answer is not sent.</summary>
    /// <returns>False where that was done before, or the handler has ended.</returns>
    public bool TryCallOff()
    {
        if (_ended || IsCalledOff) return false;
        return IsCalledOff = true;
    }

    public void Dispose()
    {
        _ended = true;
        if (!_timer.IsNone && !_loop.IsClosed) _loop.RemoveTimeout(_timer);
        _source.Dispose();
    }
}
