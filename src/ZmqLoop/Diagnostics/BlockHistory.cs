namespace ZmqLoop;

/// <summary>The last callbacks that have blocked a loop, as texts, which keep nobody's objects alive. Any thread.</summary>
internal sealed class BlockHistory
{
    private const int Most = 8;

    private readonly Lock _gate = new();
    private readonly List<LoopBlock> _blocks = [];

    /// <summary>The latest first.</summary>
    public IReadOnlyList<LoopBlock> All
    {
        get
        {
            lock (_gate) return [.. Enumerable.Reverse(_blocks)];
        }
    }

    /// <summary>The loop is blocked.</summary>
    public void Begin(BlockedCallback blocked, DateTimeOffset now)
    {
        LoopBlock block = new(blocked.Origin.ToString(), now - blocked.Elapsed, blocked.Elapsed, IsOver: false);
        lock (_gate)
        {
            if (_blocks.Count == Most) _blocks.RemoveAt(0);
            _blocks.Add(block);
        }
    }

    /// <summary>What blocked it last is over.</summary>
    public void End(TimeSpan elapsed)
    {
        lock (_gate)
        {
            if (_blocks is [.., { IsOver: false } last]) _blocks[^1] = last with { Elapsed = elapsed, IsOver = true };
        }
    }
}
