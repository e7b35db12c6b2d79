namespace ZmqLoop.Benchmarks;

/// <summary>The same pseudo-random sequence as bench/peers/rounds.h.</summary>
internal static class Xorshift
{
    public static uint Next(ref uint state)
    {
        uint x = state;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        return state = x;
    }
}
