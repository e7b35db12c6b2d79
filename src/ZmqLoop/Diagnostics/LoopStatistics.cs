namespace ZmqLoop;

/// <summary>A loop at one moment. Read on another thread than the loop's, the numbers may be of slightly different moments.</summary>
/// <param name="Turns">How many turns the loop has made.</param>
/// <param name="Handlers">How many sources have a handler.</param>
/// <param name="Callbacks">How many callbacks wait to be run.</param>
/// <param name="Timeouts">How many timers wait.</param>
/// <param name="NextTimeout">How long until the earliest timer is due, zero or less if it is overdue; null if there is none.</param>
public readonly record struct LoopStatistics(long Turns, int Handlers, int Callbacks, int Timeouts, TimeSpan? NextTimeout)
{
    /// <summary>By how much a timer was late, at worst, in the last one or two seconds by the loop's clock; or is, where one is overdue
    /// now.</summary>
    public TimeSpan Lag { get; init; }

    /// <summary>How many <see cref="CallbackScope"/>s of the loop have begun and not ended.</summary>
    public int Scopes { get; init; }
}
