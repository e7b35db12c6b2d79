namespace ZmqLoop.Testing;

/// <summary>"Allocates nothing" over many rounds: the runtime itself now and then allocates once, for a lock that was contended or code compiled anew, and a single allocation per round is hundreds of times as much.</summary>
public static class Allocations
{
    /// <summary>Throws unless what was allocated in so many rounds is none of theirs.</summary>
    public static void AssertNone(long bytes, int rounds)
    {
        if (bytes < 0 || bytes > rounds / 10) throw new InvalidOperationException($"{bytes} bytes were allocated in {rounds} rounds.");
    }
}
