using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Running;

/// <summary>What has come and gone in a run, and when it has been too long since the last. Loop's thread.</summary>
internal sealed class Flow : IDisposable
{
    private readonly Session _session;
    private readonly CancellationTokenSource _ending;
    private readonly FlowReport? _report;
    private double _last;
    private TimeoutHandle _timer;

    /// <param name="session">Of which run.</param>
    /// <param name="count">How many messages are wanted; null for no end.</param>
    /// <param name="timeout">How long without one is too long; null for no limit.</param>
    /// <param name="reports">Whether to tell of counts and rates.</param>
    public Flow(Session session, long? count, TimeSpan? timeout, bool reports)
    {
        (_session, Count, Timeout) = (session, count, timeout);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(session.Stopping);
        _last = session.Loop.Time();
        if (timeout is { } time) Watch(time);
        if (reports) _report = new FlowReport(session.Loop, this);
    }

    public long? Count { get; }

    public TimeSpan? Timeout { get; }

    public MessageCounter Received { get; } = new();

    public MessageCounter Sent { get; } = new();

    /// <summary>Cancelled when the run is to end, whatever has come: by a signal, or since nothing has come for too long.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>True where it has been too long.</summary>
    public bool IsLate { get; private set; }

    public void NoteReceived(Message message)
    {
        Received.Add(message);
        Touch();
    }

    public void NoteSent(Message message)
    {
        Sent.Add(message);
        Touch();
    }

    /// <summary>The time begins anew.</summary>
    public void Touch() => _last = _session.Loop.Time();

    public void Dispose()
    {
        if (!_timer.IsNone) _session.Loop.RemoveTimeout(_timer);
        _report?.Dispose();
        _ending.Dispose();
    }

    private void Watch(TimeSpan time) => _timer = _session.Loop.CallLater(time, () => Look(time));

    private void Look(TimeSpan time)
    {
        TimeSpan left = time - TimeSpan.FromSeconds(_session.Loop.Time() - _last);
        if (left > TimeSpan.Zero)
        {
            Watch(left);
            return;
        }

        IsLate = true;
        _ending.Cancel();
    }
}
