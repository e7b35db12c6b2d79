namespace ZmqLoop.Streams;

/// <summary>Messages whose peer was unknown, or had gone. All are counted; those that nobody asked about are told in the log: one line a
/// minute for each peer, and one for all peers beyond the first few. Loop's thread, but for <see cref="Count"/>.</summary>
internal sealed class RouteErrors(IOLoop loop, object owner, StreamMeter? meter = null)
{
    private const int MostPeers = 16; // with lines of their own, in one minute

    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private Dictionary<Frame, long>? _untold; // by peer: how many since its last line
    private long _others; // for other peers than these
    private long _count;
    private TimeoutHandle _timer;

    /// <summary>How many there were. Any thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>True where this is what keeps a message from being sent.</summary>
    public static bool Is(Exception? error) => error is ZMQException { Code: ZMQErrorCode.HostUnreachable };

    /// <summary>One more, whoever is told of it.</summary>
    public void Add()
    {
        Volatile.Write(ref _count, _count + 1);
        meter?.AddUnroutable();
    }

    /// <summary>It was sent by somebody who did not ask what became of it.</summary>
    public void Tell(Frame peer)
    {
        if (_timer.IsNone) Schedule();
        Dictionary<Frame, long> untoldPeers = _untold ??= [];
        if (untoldPeers.TryGetValue(peer, out long untold))
        {
            untoldPeers[peer] = untold + 1;
        }
        else if (untoldPeers.Count == MostPeers)
        {
            _others++;
        }
        else
        {
            untoldPeers.Add(Frame.Copy(peer.Span), 0);
            StreamReports.Unroutable(loop.Logger, owner, peer, 1);
        }
    }

    /// <summary>The stream is closed: what has not been told is told now.</summary>
    public void Close()
    {
        if (!_timer.IsNone && !loop.IsClosed) loop.RemoveTimeout(_timer);
        _timer = default;
        FirstError errors = new(); // a logger may throw, and the rest is told nevertheless
        TellAll(errors);
        _untold = null;
        errors.Throw();
    }

    private void EndInterval()
    {
        _timer = default;
        FirstError errors = new();
        TellAll(errors);
        if (_untold is { Count: > 0 }) Schedule(); // those that have just been told of are told of again in a minute, if need be
        errors.Throw();
    }

    private void TellAll(FirstError errors)
    {
        foreach ((Frame peer, long untold) in _untold ?? [])
        {
            if (untold == 0)
            {
                _untold!.Remove(peer);
                continue;
            }

            _untold![peer] = 0;
            errors.Catch(() => StreamReports.Unroutable(loop.Logger, owner, peer, untold));
        }

        long others = _others;
        _others = 0;
        if (others > 0) errors.Catch(() => StreamReports.UnroutableToOthers(loop.Logger, owner, others));
    }

    private void Schedule()
    {
        if (!loop.IsClosed) NullContext.RunDetached(() => _timer = loop.CallLater(_interval, EndInterval));
    }
}
