using System.Globalization;

namespace ZmqLoop.Streams;

/// <summary>The async receive callbacks of a stream that are under way: how many, since when, and what is done about those that take
/// long. Loop's thread, but for <see cref="Count"/>, <see cref="OldestAge"/> and <see cref="Oldest"/>.</summary>
internal sealed class AsyncHandlers
{
    private readonly IOLoop _loop;
    private readonly StreamLife _life;
    private readonly StreamCallbacks _callbacks;
    private readonly ZMQStreamOptions _options;
    private readonly TimeSpan? _warning; // null for never
    private readonly TimeSpan? _timeout;
    private readonly LinkedList<AsyncHandler> _waiting = []; // the oldest first; a callback that ends at once is never in here
    private Action? _look;
    private CancellationTokenSource? _lifetime; // where a callback wants to know
    private CancellationTokenSource? _next; // of the token that the callback being called was given
    private TimeoutHandle _timer; // stays when the last one has ended, for the next: a timer for each message would cost more
    private int _count;
    private AsyncHandler? _oldest; // of those that wait

    public AsyncHandlers(IOLoop loop, StreamLife life, StreamCallbacks callbacks, ZMQStreamOptions options)
    {
        _loop = loop;
        _life = life;
        _callbacks = callbacks;
        _options = options;
        _warning = Finite(options.HandlerWarning);
        _timeout = Finite(options.HandlerTimeout);
    }

    /// <summary>Called when a drain waits no more for those that are left, while it can still be sent.</summary>
    public Action? GivenUp { get; set; }

    /// <summary>How many there are. Any thread.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>For how long the oldest has been waiting; null where none is. Any thread.</summary>
    public TimeSpan? OldestAge =>
        Volatile.Read(ref _oldest) is { } oldest ? _loop.TimeProvider.GetElapsedTime(oldest.Start) : null;

    /// <summary>Whose callback the oldest is; null as above. Any thread.</summary>
    public CallbackOrigin? Oldest => Volatile.Read(ref _oldest)?.Origin;

    /// <summary>The callback with the token that it asks for.</summary>
    public Func<Message, Task> WithToken(Func<Message, CancellationToken, Task> callback)
    {
        CancellationToken closing = (_lifetime ??= new CancellationTokenSource()).Token;
        if (_timeout is null) return message => callback(message, closing);
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
        if (ReferenceEquals(_waiting.First, node)) Volatile.Write(ref _oldest, handler);
        if (_timer.IsNone) Schedule(TimeUntilNext(handler, TimeSpan.Zero));
        return node;
    }

    /// <summary>A callback that had to wait has ended.</summary>
    public void End(LinkedListNode<AsyncHandler> node)
    {
        _count--;
        _waiting.Remove(node);
        Volatile.Write(ref _oldest, _waiting.First?.Value);
        node.Value.Cancellation?.Dispose();
    }

    /// <summary>All hear that they should come to their end.</summary>
    public void Cancel() => Cancel(_lifetime, null);

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
            handlers += string.Create(
                CultureInfo.InvariantCulture, $", the oldest, {StreamReports.NameOf(oldest.Origin)}, for {seconds} s");
        }

        FirstError errors = new();
        errors.Catch(() => StreamReports.DrainGaveUp(_loop.Logger, _life.Owner, drain, handlers));
        if (GivenUp is { } answer) errors.Catch(answer);
        errors.Throw();
    }

    /// <summary>Tells of those that take long, and cancels those whose time is over.</summary>
    private void Look()
    {
        _timer = default;
        TimeSpan? next = null;
        FirstError errors = new(); // a logger or a reporter may throw, and the others are looked after nevertheless
        foreach (AsyncHandler handler in _waiting) // none ends meanwhile: its end is posted to the loop
        {
            TimeSpan age = _loop.TimeProvider.GetElapsedTime(handler.Start);
            if (!handler.IsTold && age >= _warning) errors.Catch(() => Tell(handler, age));
            if (!handler.IsTimedOut && age >= _timeout) errors.Catch(() => TimeOut(handler));
            if (TimeUntilNext(handler, age) is { } time) next = Earlier(next, time);
        }

        // Whoever begins after this look has nothing due before the shortest of the limits.
        if (next is not null) Schedule(Earlier(next, Earlier(_warning, _timeout)));
        errors.Throw();
    }

    private void Tell(AsyncHandler handler, TimeSpan age)
    {
        handler.IsTold = true;
        StreamReports.SlowHandler(_loop.Logger, _life.Owner, handler.Origin, age, Count, _options.MaxConcurrency);
    }

    private void TimeOut(AsyncHandler handler)
    {
        handler.IsTimedOut = true;
        Cancel(handler.Cancellation, handler.Origin);
    }

    private void Cancel(CancellationTokenSource? cancellation, CallbackOrigin? origin)
    {
        try
        {
            cancellation?.Cancel();
        }
        catch (AggregateException exception)
        {
            FirstError errors = new(); // as above
            foreach (Exception inner in exception.Flatten().InnerExceptions)
                errors.Catch(() => _callbacks.Report(inner, origin ?? _callbacks.Nobody));
            errors.Throw();
        }
    }

    private void Schedule(TimeSpan? time)
    {
        if (time is { } left && _life.State != StreamState.Closed && !_loop.IsClosed)
            NullContext.RunDetached(() => _timer = _loop.CallLater(left, _look ??= Look));
    }

    private TimeSpan? TimeUntilNext(AsyncHandler handler, TimeSpan age) => Earlier(
        handler.IsTold ? null : _warning - age, handler.Cancellation is null || handler.IsTimedOut ? null : _timeout - age);

    private static TimeSpan? Earlier(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other : one;

    private static TimeSpan? Finite(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan ? null : limit;
}
