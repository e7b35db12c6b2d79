namespace ZmqLoop.Dashboard;

/// <summary>One loop, from sample to sample.</summary>
internal sealed class LoopHistory
{
    private long _turns;
    private TimeSpan? _at;

    public double? TurnsPerSecond { get; private set; }

    public History Turns { get; } = new();

    public History Lag { get; } = new();

    public LoopProfile Profile { get; } = new();

    /// <summary>The next sample.</summary>
    public void Add(TimeSpan now, long turns, TimeSpan lag)
    {
        if (_at is { } at && now > at)
        {
            TurnsPerSecond = Math.Round((turns - _turns) / (now - at).TotalSeconds, 1);
            Turns.Add(TurnsPerSecond.Value);
            Lag.Add(lag.TotalSeconds);
        }

        (_at, _turns) = (now, turns);
    }
}
