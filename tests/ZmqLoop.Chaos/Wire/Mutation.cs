namespace ZmqLoop.Chaos.Wire;

/// <summary>Small changes, as fuzzers make them.</summary>
internal static class Mutation
{
    private const int Longest = 200_000;

    private static readonly byte[] _telling = [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x7f, 0x80, 0xfe, 0xff];

    /// <param name="bytes">To be changed; stays as it is.</param>
    /// <param name="other">To take pieces of.</param>
    /// <param name="random">Says how.</param>
    public static byte[] Of(byte[] bytes, byte[] other, Random random)
    {
        if (bytes.Length == 0) return other.Length == 0 ? [0] : other;
        int at = random.Next(bytes.Length);
        int length = Math.Min(random.Next(1, 20), bytes.Length - at);
        return random.Next(9) switch
        {
            0 => With(bytes, at, (byte)(bytes[at] ^ (1 << random.Next(8)))),
            1 => With(bytes, at, _telling[random.Next(_telling.Length)]),
            2 => With(bytes, at, (byte)random.Next(256)),
            3 => With(bytes, at, (byte)(bytes[at] + random.Next(-3, 4))),
            4 => [.. bytes[..at], .. bytes[(at + length)..]],
            5 when bytes.Length < Longest => [.. bytes[..at], .. bytes.AsSpan(at, length), .. bytes[at..]],
            6 when bytes.Length < Longest => [.. bytes[..at], .. Noise(random, length), .. bytes[at..]],
            7 when bytes.Length < Longest => [.. bytes[..at], .. other[random.Next(other.Length + 1)..]],
            _ => bytes[..at],
        };
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        byte[] changed = [.. bytes];
        changed[at] = value;
        return changed;
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
