namespace ZmqLoop.Compare.Tests;

public sealed class ComparisonTests
{
    private static readonly Case _rate = new("recv-tcp-100-1", "rate", Unit.Rate);
    private static readonly Case _time = new("callbacks", "ns", Unit.Nanoseconds);

    [Fact]
    public void Of_rates_the_ratio_is_ours_by_the_peers() =>
        Assert.Equal(2, new Comparison(_rate, "recv", "c-bare", [100, 300, 200], [100, 90, 110]).Ratio);

    [Fact]
    public void Of_times_it_is_the_peers_by_ours_so_that_more_is_better_in_every_line() =>
        Assert.Equal(0.5, new Comparison(_time, "loop", "libuv", [100, 300, 200], [100, 90, 110]).Ratio);

    [Fact]
    public void The_ratio_is_that_of_the_medians_and_its_spread_that_of_the_pairs()
    {
        Comparison comparison = new(_rate, "recv", "c-bare", [1, 2, 6], [1, 4, 2]);
        Assert.Equal(1, comparison.Ratio);
        Assert.Equal(new Spread(0.5, 1, 3), comparison.RatioOfPairs);
    }

    [Theory]
    [InlineData(new double[] { 5 }, 5, 5, 5)]
    [InlineData(new double[] { 9, 1, 4 }, 1, 4, 9)]
    [InlineData(new double[] { 8, 2, 4, 6 }, 2, 5, 8)]
    public void A_spread_is_min_median_and_max(double[] figures, double min, double median, double max) =>
        Assert.Equal(new Spread(min, median, max), Spread.Of(figures));

    [Fact]
    public void Of_nothing_there_is_no_median() => Assert.Throws<ArgumentException>(static () => Spread.Of([]));
}
