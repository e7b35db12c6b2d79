namespace ZmqLoop;

public partial class IOLoop
{
    private long _turns;

    /// <summary>What the loop has to do at this moment. Any thread; costs nothing until it is read.</summary>
    public LoopStatistics Statistics
    {
        get
        {
            int timers = _timers.Count;
            TimeSpan? next = timers > 0 ? new TimeSpan(_timers.NextDeadline - _clock.Now) : null;
            return new LoopStatistics(Volatile.Read(ref _turns), _handlers.Count, _queue.Count + _queue.PostedCount, timers, next);
        }
    }
}
