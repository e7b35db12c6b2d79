namespace ZmqLoop.Streams;

/// <summary>What a stream may receive before the others get their turn.</summary>
/// <param name="limit">How many messages.</param>
/// <param name="options">How many bytes, and for how long.</param>
/// <param name="clock">The loop's.</param>
internal struct ReceiveBudget(int limit, ZMQStreamOptions options, TimeProvider clock)
{
    private const int MessagesPerClockReading = 16; // and sooner where callbacks are slow

    /// <summary>When the turn began, by the loop's clock.</summary>
    public long Start { get; } = clock.GetTimestamp();

    /// <summary>How many messages were received.</summary>
    public int Messages { get; private set; }

    /// <summary>How many bytes were received.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether there is anything left to spend.</summary>
    public readonly bool IsUsedUp => Messages >= limit || (Messages > 0 && (Bytes >= options.BytesPerTurn || IsLate));

    /// <summary>A message was received.</summary>
    public void Spend(long bytes)
    {
        Messages++;
        Bytes += bytes;
    }

    private readonly bool IsLate => IsTimeToLook && clock.GetElapsedTime(Start) >= options.TimePerTurn;

    private readonly bool IsTimeToLook =>
        (Messages & (MessagesPerClockReading - 1)) == 0 || (Messages < MessagesPerClockReading && int.IsPow2(Messages));
}
