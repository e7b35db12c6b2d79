using NetMQ;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class NetMQLoopPoller
{
    private readonly Dictionary<NetMQTimer, Ticking> _timers = [];

    /// <summary>Raises a timer's Elapsed again and again, an interval after the last one had ended. Elapsed may change, remove and add timers, itself included.</summary>
    public void Add(NetMQTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        VerifyOpen();
        InLoop(() =>
        {
            if (_timers.ContainsKey(timer)) return;
            Ticking ticking = new(timer, EventInternals.When(timer));
            _timers.Add(timer, ticking);
            LookAt(ticking);
        });
    }

    /// <summary>Raises a timer's Elapsed no more. One that is not here is ignored.</summary>
    public void Remove(NetMQTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        VerifyOpen();
        InLoop(() =>
        {
            if (_timers.Remove(timer, out Ticking? ticking)) Disarm(ticking);
        });
    }

    /// <inheritdoc cref="ContainsAsync(ISocketPollable)"/>
    public Task<bool> ContainsAsync(NetMQTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        return _loop.InvokeAsync(() => _timers.ContainsKey(timer));
    }

    /// <summary>A timer does not say that it was switched or set anew, so it is asked whenever somebody may have done so.</summary>
    private void LookAtTimers()
    {
        foreach (Ticking ticking in _timers.Values) LookAt(ticking);
    }

    private void LookAt(Ticking ticking)
    {
        long when = EventInternals.When(ticking.Timer);
        bool setAnew = when != ticking.SeenWhen;
        ticking.SeenWhen = when;
        if (!ticking.Timer.Enable) Disarm(ticking);
        else if (setAnew || ticking.Timeout.IsNone) Arm(ticking);
    }

    private void Arm(Ticking ticking)
    {
        Disarm(ticking);
        ticking.Timeout = _loop.CallLater(TimeSpan.FromMilliseconds(Math.Max(0, ticking.Timer.Interval)), () => Tick(ticking));
    }

    private void Disarm(Ticking ticking)
    {
        if (!ticking.Timeout.IsNone) _loop.RemoveTimeout(ticking.Timeout);
        ticking.Timeout = default;
    }

    private void Tick(Ticking ticking)
    {
        ticking.Timeout = default;
        try
        {
            EventInternals.InvokeElapsed(ticking.Timer, this);
        }
        catch (TerminatingException exception)
        {
            throw exception.Translate("A timer");
        }
        finally
        {
            if (_timers.GetValueOrDefault(ticking.Timer) == ticking && !_disposed) LookAtTimers();
        }
    }

    /// <summary>NetMQ's timers count from the start of the poller.</summary>
    private void RestartTimers()
    {
        foreach (Ticking ticking in _timers.Values)
        {
            if (ticking.Timer.Enable) Arm(ticking);
        }
    }

    private sealed class Ticking(NetMQTimer timer, long when)
    {
        public NetMQTimer Timer => timer;

        /// <summary>What the timer said when it was last looked at.</summary>
        public long SeenWhen { get; set; } = when;

        public TimeoutHandle Timeout { get; set; }
    }
}
