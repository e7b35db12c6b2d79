namespace ZmqLoop;

/// <summary>A socket that was closed, and may still have something to send.</summary>
/// <param name="name">The socket, for a warning.</param>
/// <param name="linger">For how long the library goes on.</param>
/// <param name="waitUntilGone">Waits until it has sent all, or given up; false where that takes longer than the time that is given, null
/// where nobody knows.</param>
internal sealed class LingeringSocket(string name, TimeSpan linger, Func<TimeSpan, bool?> waitUntilGone)
{
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(20); // that the library may be earlier, or later, than this clock

    private readonly long _closedAt = TimeProvider.System.GetTimestamp();

    /// <summary>True where nothing of it can be sent any more.</summary>
    public bool IsOver => Left == TimeSpan.Zero || waitUntilGone(TimeSpan.Zero) == true;

    /// <summary>How much of its linger is left.</summary>
    public TimeSpan Left
    {
        get
        {
            if (linger == Timeout.InfiniteTimeSpan) return TimeSpan.MaxValue;
            TimeSpan left = linger - TimeProvider.System.GetElapsedTime(_closedAt);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Waits for as long as it lingers, and no longer than that.</summary>
    /// <returns>False where it had not sent all by then: it is not gone, or was gone only when the linger was over.</returns>
    public bool Wait(TimeSpan limit)
    {
        if (IsOver) return true;
        TimeSpan left = Left;
        bool? isGone = waitUntilGone(left < limit ? left : limit);
        if (isGone is null) return true; // nobody knows
        bool wasNearlyOver = left <= _moment; // when the wait began
        bool endedInTime = Left > _moment;
        return isGone.Value && (endedInTime || wasNearlyOver);
    }

    public override string ToString() => name;
}
