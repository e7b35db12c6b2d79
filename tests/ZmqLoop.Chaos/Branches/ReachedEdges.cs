namespace ZmqLoop.Chaos.Branches;

/// <summary>The edges that a target's inputs have reached, and about how often one input took each: 1, 2, 3, 4 to 7, and so on, as AFL
/// does, so that loops count when they go round much more often, not once more.</summary>
internal sealed class ReachedEdges
{
    private readonly byte[] _reached = new byte[BranchTrace.Size];

    /// <summary>How many edges, however often.</summary>
    public int Count { get; private set; }

    /// <summary>True where this was reached before by none.</summary>
    public bool HasNew(ReadOnlySpan<byte> counts)
    {
        for (int i = Next(counts, 0); i < counts.Length; i = Next(counts, i + 1))
        {
            if ((BucketOf(counts[i]) & ~_reached[i]) != 0) return true;
        }

        return false;
    }

    public void Add(ReadOnlySpan<byte> counts)
    {
        for (int i = Next(counts, 0); i < counts.Length; i = Next(counts, i + 1))
        {
            if (_reached[i] == 0) Count++;
            _reached[i] |= (byte)BucketOf(counts[i]);
        }
    }

    private static int Next(ReadOnlySpan<byte> counts, int start)
    {
        int next = counts[start..].IndexOfAnyExcept((byte)0);
        return next < 0 ? counts.Length : start + next;
    }

    private static int BucketOf(byte count) => count switch
    {
        < 4 => 1 << (count - 1),
        < 8 => 1 << 3,
        < 16 => 1 << 4,
        < 32 => 1 << 5,
        < 128 => 1 << 6,
        _ => 1 << 7,
    };
}
