namespace ZmqLoop.Testing;

/// <summary>What must allocate nothing, over thousands of rounds.</summary>
public static class Allocations
{
    /// <summary>Throws unless not a single byte was allocated.</summary>
    public static void AssertNone(long bytes, int rounds)
    {
        if (bytes != 0) throw new InvalidOperationException($"{bytes} bytes were allocated in {rounds} rounds.");
    }
}
