namespace ZmqLoop.Streams;

/// <summary>While a callback of ours runs inside the loop's: the report of a blocked loop names it (<see cref="IOLoop.InnerCallback"/>).</summary>
internal readonly ref struct Inside
{
    private readonly IOLoop _loop;
    private readonly CallbackOrigin? _outer;

    public Inside(IOLoop loop, CallbackOrigin callback)
    {
        _loop = loop;
        _outer = loop.InnerCallback;
        loop.InnerCallback = callback;
    }

    public void Dispose() => _loop.InnerCallback = _outer;
}
