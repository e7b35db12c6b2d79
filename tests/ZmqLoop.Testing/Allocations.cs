namespace ZmqLoop.Testing;

/// <summary>
/// "Allocates nothing for a round", over thousands of rounds. Once in many runs something allocates a single time (120 bytes in 20,000 messages were seen; by what is not known yet), so a few
/// hundred bytes in all are let pass, whatever the number of rounds: one allocation a round would be hundreds of times as much.
/// </summary>
public static class Allocations
{
    private const int Once = 256;

    /// <summary>Throws unless what was allocated in so many rounds is none of theirs.</summary>
    public static void AssertNone(long bytes, int rounds)
    {
        if (bytes < 0 || bytes > Math.Min(rounds / 10, Once)) throw new InvalidOperationException($"{bytes} bytes were allocated in {rounds} rounds.");
    }
}
