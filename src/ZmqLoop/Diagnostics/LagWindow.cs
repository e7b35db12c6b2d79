namespace ZmqLoop;

/// <summary>How late timers were of late: the worst of this second and of the one before, by the loop's clock. Written on the loop's
/// thread; who reads it on another sees the truth of a moment ago.</summary>
internal struct LagWindow
{
    private long _second;
    private long _worst;
    private long _worstBefore;

    /// <summary>A timer was late.</summary>
    /// <param name="now">The loop's time, in ticks.</param>
    /// <param name="late">By how many ticks.</param>
    public void Note(long now, long late)
    {
        long second = now / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            _worstBefore = second == _second + 1 ? _worst : 0;
            _worst = 0;
            _second = second;
        }

        if (late > _worst) _worst = late;
    }

    /// <summary>The worst, in ticks.</summary>
    public readonly long Read(long now) => (now / TimeSpan.TicksPerSecond - Volatile.Read(in _second)) switch
    {
        0 => Math.Max(_worst, _worstBefore),
        1 => _worst,
        _ => 0,
    };
}
