using ZmqLoop.Polling;

namespace ZmqLoop.Tests.Polling;

public sealed class RoundRobinTests
{
    [Fact]
    public void Everybody_is_first_in_turn_and_comes_once_in_each_round()
    {
        RoundRobin order = default;
        Assert.Equal([0, 1, 2], Round(ref order, 3));
        Assert.Equal([1, 2, 0], Round(ref order, 3));
        Assert.Equal([2, 0, 1], Round(ref order, 3));
        Assert.Equal([0, 1, 2], Round(ref order, 3));
        Assert.Equal([0], Round(ref order, 1));
        Assert.Equal([1, 0], Round(ref order, 2));
    }

    [Fact]
    public void A_round_of_nobody_is_over_and_changes_no_turn()
    {
        RoundRobin order = default;
        Assert.Empty(Round(ref order, 0));
        Assert.Equal([0, 1], Round(ref order, 2));
    }

    private static List<int> Round(ref RoundRobin order, int count)
    {
        List<int> round = [];
        foreach (int i in order.Next(count)) round.Add(i);
        return round;
    }
}
