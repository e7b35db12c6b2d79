namespace ZmqLoop;

public partial class IOLoop
{
    private SignalShutdown? _signals;
    private volatile bool _hasStopped;

    /// <summary>True from the end of a run until the next one: not before the first, nor between calls of <see cref="RunOnce"/>. Any
    /// thread.</summary>
    internal bool HasStopped => _hasStopped;

    /// <summary>Stops the loop at Ctrl-C (SIGINT) and SIGTERM, once a last piece of work has ended: <c>loop.StopOnSignals(() =>
    /// stream.FinishAsync(TimeSpan.FromSeconds(5)))</c>. The process goes on, with what follows on <see cref="Start()"/>. Any
    /// thread.</summary>
    /// <param name="finish">Called on the loop, outside of all contexts; null to stop at once. What it throws is reported, and the loop
    /// stops.</param>
    /// <remarks>It has no time limit of its own. A second signal stops the loop at once, and a third ends the process, as all do once the
    /// loop is closed, or has stopped and was not started again.</remarks>
    /// <exception cref="InvalidOperationException">The loop does so already.</exception>
    public void StopOnSignals(Func<Task>? finish = null)
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        SignalShutdown signals = new(this, finish);
        if (Interlocked.CompareExchange(ref _signals, signals, null) is not null)
            throw new InvalidOperationException($"{this} stops on signals already: give all that is to be done to one StopOnSignals.");
        signals.Begin();
    }
}
