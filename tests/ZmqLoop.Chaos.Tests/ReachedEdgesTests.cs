using ZmqLoop.Chaos.Branches;

namespace ZmqLoop.Chaos.Tests;

/// <summary>What counts as new to a fuzzer that looks at branches.</summary>
public sealed class ReachedEdgesTests
{
    [Fact]
    public void An_edge_is_new_until_it_was_reached_and_counts_once()
    {
        ReachedEdges edges = new();
        Assert.False(edges.HasNew(Counts((7, 0))));
        Assert.True(edges.HasNew(Counts((7, 1))));
        edges.Add(Counts((7, 1)));
        Assert.False(edges.HasNew(Counts((7, 1))));
        Assert.True(edges.HasNew(Counts((7, 1), (BranchTrace.Size - 1, 1))));
        edges.Add(Counts((7, 200), (BranchTrace.Size - 1, 1)));
        Assert.Equal(2, edges.Count);
    }

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(3, 4, true)]
    [InlineData(4, 7, false)]
    [InlineData(7, 8, true)]
    [InlineData(32, 127, false)]
    [InlineData(127, 128, true)]
    [InlineData(128, 255, false)]
    public void A_loop_is_new_where_it_goes_round_much_more_often(byte before, byte now, bool isNew)
    {
        ReachedEdges edges = new();
        edges.Add(Counts((3, before)));
        Assert.Equal(isNew, edges.HasNew(Counts((3, now))));
    }

    private static byte[] Counts(params (int Edge, byte Count)[] taken)
    {
        byte[] counts = new byte[BranchTrace.Size];
        foreach ((int edge, byte count) in taken) counts[edge] = count;
        return counts;
    }
}
