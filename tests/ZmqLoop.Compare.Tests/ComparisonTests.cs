namespace ZmqLoop.Compare.Tests;

public sealed class ComparisonTests
{
    [Fact]
    public void Of_rates_the_ratio_is_ours_by_the_peers() =>
        Assert.Equal(2, Make.Comparison("recv-tcp-100-1", "ours", "c-bare", [100, 300, 200], [100, 90, 110]).Ratio);

    [Fact]
    public void Of_times_it_is_the_peers_by_ours_so_that_more_is_better_in_every_line() =>
        Assert.Equal(0.5, Make.Comparison("callbacks", "ours", "libuv", [100, 300, 200], [100, 90, 110]).Ratio);

    [Fact]
    public void The_ratio_is_that_of_the_medians_and_its_spread_that_of_the_pairs()
    {
        Comparison comparison = Make.Comparison("recv-tcp-100-1", "ours", "c-bare", [1, 2, 6], [1, 4, 2]);
        Assert.Equal(1, comparison.Ratio);
        Assert.Equal(new Spread(0.5, 1, 3), comparison.RatioOfPairs);
    }

    [Theory]
    [InlineData(new double[] { 5 }, 5, 5, 5)]
    [InlineData(new double[] { 9, 1, 4 }, 1, 4, 9)]
    [InlineData(new double[] { 8, 2, 4, 6 }, 2, 5, 8)]
    public void A_spread_is_min_median_and_max(double[] figures, double min, double median, double max) =>
        Assert.Equal(new Spread(min, median, max), Spread.Of(figures));

    [Theory]
    [InlineData(new double[] { 5 }, 1)]
    [InlineData(new double[] { 1, 90, 2, 3, 4 }, 2)]
    [InlineData(new double[] { 9, 1, 2, 8, 3, 4, 6, 5, 7 }, 7 / 3.0)]
    public void The_middle_half_is_without_a_quarter_on_either_side(double[] figures, double apart) =>
        Assert.Equal(apart, Spread.OfMiddleHalf(figures));

    [Fact]
    public void Of_nothing_there_is_no_median() => Assert.Throws<ArgumentException>(static () => Spread.Of([]));
}
