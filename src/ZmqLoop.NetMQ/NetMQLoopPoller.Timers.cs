using NetMQ;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class NetMQLoopPoller
{
    private readonly Dictionary<NetMQTimer, LoopTimer> _timers = [];
    private readonly NetMQTimer _clock = new(0); // set anew, it tells NetMQ's time
    private bool _looksAtTimers;

    /// <summary>Raises a timer's Elapsed again and again, an interval after the last one had ended. Elapsed may change, remove and add
    /// timers, itself included.</summary>
    /// <remarks>Elapsed runs in the contexts in force now, whoever sets the timer anew. The timer may be changed anywhere: on the loop's
    /// thread that counts at once, on another one when the loop wakes
    /// the next time, as with <see cref="NetMQPoller"/>; one that is due later than before never ticks early.</remarks>
    public void Add(NetMQTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        VerifyOpen();
        InLoop(() =>
        {
            if (_timers.TryGetValue(timer, out LoopTimer? loopTimer) && !loopTimer.IsCancelled) return;
            loopTimer = new LoopTimer(this, timer);
            _timers[timer] = loopTimer;
            WatchTimers();
            loopTimer.Look();
        });
    }

    /// <summary>Raises a timer's Elapsed no more. One that is not here is ignored.</summary>
    public void Remove(NetMQTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        VerifyOpen();
        InLoop(() =>
        {
            if (_timers.Remove(timer, out LoopTimer? loopTimer)) loopTimer.Disarm();
            WatchTimers();
        });
    }

    /// <inheritdoc cref="ContainsAsync(ISocketPollable)"/>
    public Task<bool> ContainsAsync(NetMQTimer timer)
    {
        ArgumentNullException.ThrowIfNull(timer);
        return _loop.InvokeAsync(() => _timers.ContainsKey(timer));
    }

    /// <summary>A timer does not say that it was changed, so while there are some they are asked before the loop waits: in memory, as
    /// NetMQ's poller does.</summary>
    private void WatchTimers()
    {
        if (_looksAtTimers == _timers.Count > 0) return;
        _looksAtTimers = !_looksAtTimers;
        if (_looksAtTimers) _loop.BeforeWait += LookAtTimers;
        else _loop.BeforeWait -= LookAtTimers;
    }

    private void LookAtTimers()
    {
        foreach ((NetMQTimer timer, LoopTimer loopTimer) in _timers)
        {
            if (loopTimer.IsCancelled) _timers.Remove(timer); // which an enumeration allows
            else loopTimer.Look();
        }

        WatchTimers();
    }

    /// <summary>NetMQ's timers count from the start of the poller.</summary>
    private void RestartTimersUnlessRunning()
    {
        if (_loop.IsRunning) return;
        foreach (LoopTimer loopTimer in _timers.Values) loopTimer.Restart();
    }

    private void ForgetTimers()
    {
        foreach (LoopTimer loopTimer in _timers.Values) loopTimer.Disarm();
        _timers.Clear();
        WatchTimers();
    }

    /// <summary>Milliseconds on the scale of what a timer says of its next tick.</summary>
    private long NetMQTime()
    {
        _clock.EnableAndReset();
        return EventInternals.When(_clock);
    }

    /// <summary>A timer here: always with the contexts in which it was added, which the wrapped tick brings along whoever arms
    /// it.</summary>
    private sealed class LoopTimer
    {
        private readonly NetMQLoopPoller _poller;
        private readonly NetMQTimer _timer;
        private readonly Action _tick;
        private readonly CancellationToken _scope = CallbackScope.CurrentToken;
        private TimeoutHandle _timeout;
        private long _seen; // what the timer said of its next tick when it was looked at last

        public LoopTimer(NetMQLoopPoller poller, NetMQTimer timer)
        {
            _poller = poller;
            _timer = timer;
            _tick = StackContext.Wrap(Tick);
            _seen = EventInternals.When(timer);
        }

        /// <summary>True once the scope that it was added in was cancelled: it ticks no more.</summary>
        public bool IsCancelled => _scope.IsCancellationRequested;

        /// <summary>Follows what was done to the timer since.</summary>
        public void Look()
        {
            long when = EventInternals.When(_timer);
            bool setAnew = when != _seen;
            _seen = when;
            if (!_timer.Enable) Disarm();
            else if (setAnew && when >= 0) Arm(when - _poller.NetMQTime());
            else if (_timeout.IsNone) Arm(_timer.Interval);
        }

        public void Restart()
        {
            _seen = EventInternals.When(_timer);
            if (_timer.Enable && !IsCancelled) Arm(_timer.Interval);
        }

        public void Disarm()
        {
            if (!_timeout.IsNone && !_poller._loop.IsClosed) _poller._loop.RemoveTimeout(_timeout);
            _timeout = default;
        }

        private void Arm(long milliseconds)
        {
            Disarm();
            _timeout = _poller._loop.CallLater(TimeSpan.FromMilliseconds(Math.Max(0, milliseconds)), _tick);
        }

        private void Tick()
        {
            _timeout = default;
            if (!_timer.Enable) return;
            if (EventInternals.When(_timer) != _seen)
            {
                Look(); // set anew since
                return;
            }

            try
            {
                _poller.Raise(static (poller, timer) => EventInternals.InvokeElapsed(timer, poller), _timer, "a timer");
            }
            finally
            {
                if (_poller._timers.GetValueOrDefault(_timer) == this) Restart();
            }
        }
    }
}
