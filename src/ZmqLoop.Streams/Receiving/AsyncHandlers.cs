using System.Globalization;

namespace ZmqLoop.Streams;

/// <summary>The async receive callbacks of a stream that are under way: how many, since when, and what is done about those that take
/// long. Loop's thread, but for <see cref="Count"/> and <see cref="OldestAge"/>.</summary>
internal sealed class AsyncHandlers
{
    private const long None = long.MinValue;

    private readonly IOLoop _loop;
    private readonly StreamLife _life;
    private readonly StreamCallbacks _callbacks;
    private readonly ZMQStreamOptions _options;
    private readonly Action _look;
    private readonly LinkedList<AsyncHandler> _waiting = []; // the oldest first; a callback that ends at once is never in here
    private CancellationTokenSource? _lifetime; // where a callback wants to know
    private CancellationTokenSource? _next; // of the token that the callback being called was given
    private TimeoutHandle _timer;
    private int _count;
    private long _oldest = None;

    public AsyncHandlers(IOLoop loop, StreamLife life, StreamCallbacks callbacks, ZMQStreamOptions options)
    {
        _loop = loop;
        _life = life;
        _callbacks = callbacks;
        _options = options;
        _look = Look;
    }

    /// <summary>How many there are. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>For how long the oldest has been waiting; null where none is. Any thread.</summary>
    public TimeSpan? OldestAge => Volatile.Read(ref _oldest) is var start and not None ? _loop.TimeProvider.GetElapsedTime(start) : null;

    /// <summary>The callback with the token that it asks for.</summary>
    public Func<Message, Task> WithToken(Func<Message, CancellationToken, Task> callback)
    {
        CancellationToken closing = (_lifetime ??= new CancellationTokenSource()).Token;
        if (_options.HandlerTimeout == Timeout.InfiniteTimeSpan) return message => callback(message, closing);
        return message =>
        {
            _next = CancellationTokenSource.CreateLinkedTokenSource(closing);
            return callback(message, _next.Token);
        };
    }

    /// <summary>A callback is called: it counts from its first line, so that a drain which it begins itself waits for it.</summary>
    public void Begin() => _count++;

    /// <summary>A callback ended before it had to wait for anything.</summary>
    public void EndAtOnce()
    {
        _count--;
        _next?.Dispose();
        _next = null;
    }

    /// <summary>A callback has to wait for something.</summary>
    public LinkedListNode<AsyncHandler> Wait(CallbackOrigin origin)
    {
        AsyncHandler handler = new(origin, _loop.TimeProvider.GetTimestamp(), _next);
        _next = null;
        LinkedListNode<AsyncHandler> node = _waiting.AddLast(handler);
        if (ReferenceEquals(_waiting.First, node)) Volatile.Write(ref _oldest, handler.Start);
        if (_timer.IsNone) Schedule(TimeUntilNext(handler, TimeSpan.Zero));
        return node;
    }

    /// <summary>A callback that had to wait has ended.</summary>
    public void End(LinkedListNode<AsyncHandler> node)
    {
        _count--;
        _waiting.Remove(node);
        Volatile.Write(ref _oldest, _waiting.First?.Value.Start ?? None);
        node.Value.Cancellation?.Dispose();
    }

    /// <summary>All hear that they should come to their end.</summary>
    public void Cancel() => Cancel(_lifetime);

    /// <summary>The stream is closed: nothing more is said of those that are left.</summary>
    public void Close()
    {
        if (!_timer.IsNone && !_loop.IsClosed) _loop.RemoveTimeout(_timer);
        _timer = default;
    }

    /// <summary>A drain has waited for them for so long, and waits no more.</summary>
    public void GiveUp(TimeSpan drain)
    {
        string handlers = $"{Count} running";
        if (_waiting.First is { Value: var oldest })
        {
            double seconds = Math.Round(OldestAge!.Value.TotalSeconds, 3);
            handlers += string.Create(CultureInfo.InvariantCulture, $", the oldest, {oldest.Origin}, for {seconds} s");
        }

        StreamReports.DrainGaveUp(_loop.Logger, _life.Owner, drain, handlers);
    }

    /// <summary>Tells of those that take long, and cancels those whose time is over.</summary>
    private void Look()
    {
        _timer = default;
        TimeSpan? next = null;
        for (LinkedListNode<AsyncHandler>? node = _waiting.First, following; node is not null; node = following)
        {
            following = node.Next; // what is told, or cancelled, may end it
            AsyncHandler handler = node.Value;
            TimeSpan age = _loop.TimeProvider.GetElapsedTime(handler.Start);
            if (!handler.IsTold && IsReached(_options.HandlerWarning, age)) Tell(handler, age);
            if (!handler.IsTimedOut && IsReached(_options.HandlerTimeout, age)) TimeOut(handler);
            if (TimeUntilNext(handler, age) is { } time && (next is null || time < next)) next = time;
        }

        Schedule(next);
    }

    private void Tell(AsyncHandler handler, TimeSpan age)
    {
        handler.IsTold = true;
        StreamReports.SlowHandler(_loop.Logger, _life.Owner, handler.Origin, age, Count, _options.MaxConcurrency);
    }

    private void TimeOut(AsyncHandler handler)
    {
        handler.IsTimedOut = true;
        Cancel(handler.Cancellation);
    }

    private void Cancel(CancellationTokenSource? cancellation)
    {
        try
        {
            cancellation?.Cancel();
        }
        catch (AggregateException exception)
        {
            foreach (Exception inner in exception.InnerExceptions) _callbacks.Report(inner);
        }
    }

    private void Schedule(TimeSpan? time)
    {
        if (time is { } left && _life.State != StreamState.Closed && !_loop.IsClosed)
            NullContext.RunDetached(() => _timer = _loop.CallLater(left, _look));
    }

    private TimeSpan? TimeUntilNext(AsyncHandler handler, TimeSpan age)
    {
        TimeSpan? warning = handler.IsTold || _options.HandlerWarning == Timeout.InfiniteTimeSpan ? null : _options.HandlerWarning - age;
        TimeSpan? timeout = handler.Cancellation is null || handler.IsTimedOut ? null : _options.HandlerTimeout - age;
        return warning is null || timeout < warning ? timeout : warning;
    }

    private static bool IsReached(TimeSpan limit, TimeSpan age) => limit != Timeout.InfiniteTimeSpan && age >= limit;
}
