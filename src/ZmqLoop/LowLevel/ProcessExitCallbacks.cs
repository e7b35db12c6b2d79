namespace ZmqLoop.LowLevel;

/// <summary>What is still to be done on loops when the process ends, which others may be running: each does its own, all at the same time,
/// and nobody waits for longer than a second. For handlers of <see cref="ProcessExit.Ending"/>, on their thread.</summary>
public sealed class ProcessExitCallbacks
{
    // Enough for a loop that lives. One that does not come to it may be at a callback that waits for this very end.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<IOLoop, LoopCallbacks> _loops = [];

    internal ProcessExitCallbacks()
    {
    }

    /// <summary>Has something done that belongs to a loop's thread: by that, or, where nothing runs the loop, by this one.</summary>
    /// <param name="loop">The loop, in whatever state.</param>
    /// <param name="sender">Who may have something on its way that is lost where the loop does not come to it, for a warning; null for
    /// nobody.</param>
    /// <param name="leave">Lets go of sockets, so that they linger. What it throws is ignored.</param>
    /// <param name="giveUp">What to do in its place, on this thread, where the loop does not come to it within a second: it is at a
    /// callback that blocks it, or that has called <see cref="Environment.Exit"/>. Null for nothing but the warning.</param>
    public void RunOnLoop(IOLoop loop, object? sender, Action leave, Action? giveUp = null)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(leave);
        if (!_loops.TryGetValue(loop, out LoopCallbacks? callbacks)) _loops.Add(loop, callbacks = new LoopCallbacks(loop));
        callbacks.Add(sender, leave, giveUp);
    }

    internal void Run()
    {
        long start = TimeProvider.System.GetTimestamp();
        foreach (LoopCallbacks callbacks in _loops.Values) callbacks.Ask(); // all of them, before anybody waits
        foreach (LoopCallbacks callbacks in _loops.Values)
        {
            TimeSpan left = _patience - TimeProvider.System.GetElapsedTime(start);
            if (!callbacks.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero)) callbacks.GiveUp();
        }
    }

    /// <summary>What is to be done on one loop, once, whoever comes to it first.</summary>
    private sealed class LoopCallbacks(IOLoop loop)
    {
        private readonly List<Action> _leave = [];
        private readonly List<Action> _giveUp = [];
        private readonly List<object> _senders = [];
        private bool _begun;

        public void Add(object? sender, Action leave, Action? giveUp)
        {
            _leave.Add(leave);
            if (giveUp is not null) _giveUp.Add(giveUp);
            if (sender is not null) _senders.Add(sender);
        }

        /// <summary>Does it now, where nothing runs the loop.</summary>
        public void Ask() => loop.RunOnLoop(Run);

        /// <returns>False where it was not done, and may yet be.</returns>
        public bool Wait(TimeSpan limit) => loop.RunOnLoopAndWait(Run, limit);

        public void GiveUp()
        {
            _giveUp.ForEach(ProcessExit.Try);
            if (_senders.Count > 0) ProcessExit.Try(() => loop.ReportLeftAtExit(_senders));
        }

        private void Run()
        {
            if (!Interlocked.Exchange(ref _begun, true)) _leave.ForEach(ProcessExit.Try);
        }
    }
}
