namespace ZmqLoop.Compare.Tests;

public sealed class QuietnessTests
{
    private static readonly double[] _tens = [10, 10, 10, 10, 10];

    [Fact]
    public void Figures_that_lie_close_together_are_quiet() => Assert.Null(Judge([10, 11, 10, 9, 10], [20, 21, 19, 20, 22]));

    [Fact]
    public void One_outlier_on_either_side_does_not_matter_to_a_median() => Assert.Null(Judge([10, 50, 10, 1, 10], _tens));

    [Fact]
    public void Rounds_that_say_different_things_are_noise() =>
        Assert.Equal("the ratios of half of the rounds lie 1.60 times apart", Judge([10, 10, 10, 16, 16], _tens));

    [Fact]
    // NetMQPoller's, on 2026-11-22; measured again it was 1.16
    public void The_round_trips_that_were_once_published_with_a_ratio_of_a_seventh_are_noise()
        => Assert.NotNull(Judge([437, 1099, 1198, 1150, 1080], [1275, 89, 149, 92, 420]));

    [Fact]
    public void A_machine_in_two_states_is_noise_even_where_the_pairs_agree() =>
        Assert.Equal("half of our figures lie 3.00 times apart", Judge([10, 30, 10, 30, 10], [10, 30, 10, 30, 10]));

    [Fact]
    public void A_peer_that_is_twice_as_slow_as_it_was_shows_that_the_machine_is()
    {
        Assert.Equal("the peer reached 10.0 µs, 4.00 when it was measured last", Judge(_tens, _tens, earlier: 4));
        Assert.Equal("the peer reached 10.0 µs, 25.0 when it was measured last", Judge(_tens, _tens, earlier: 25));
        Assert.Null(Judge(_tens, _tens, earlier: 6));
    }

    [Fact]
    public void One_disturbed_run_spoils_a_comparison() =>
        Assert.Equal(
            "other programs took 50% of the processors during a run",
            new Quietness(static (_, _) => null).Judge(Make.Comparison(_tens, _tens), [Disturbance.None, Make.Busy, Disturbance.None]));

    [Theory]
    [InlineData(5, 100, false)]
    [InlineData(6, 100, true)]
    [InlineData(5, 20, false)] // a short run, in which the kernel's ticks are too coarse to say more
    [InlineData(20, 400, false)]
    [InlineData(21, 400, true)]
    public void A_twentieth_of_the_processors_is_too_much(double ticks, double ofAll, bool tooMuch) =>
        Assert.Equal(tooMuch, new Disturbance(ticks, ofAll).IsTooMuch);

    [Fact]
    public void What_the_run_itself_took_is_no_disturbance()
    {
        MachineTimes before = MachineTimes.Parse(
            "cpu  1000 50 500 9000 20 3 70 10 0 0", "17 (a ) b) R 1 1 1 0 -1 0 0 0 0 0 100 20 300 40 20 0 1 0", 100);
        MachineTimes after = MachineTimes.Parse(
            "cpu  1200 50 560 9130 25 9 90 17 0 0", "17 (a ) b) R 1 1 1 0 -1 0 0 0 0 0 110 25 500 75 20 0 1 0", 102);
        Assert.Equal(new MachineTimes(1550, 10, 460, 100), before);
        // 260 busy, of which 250 were ours; 7 were stolen; of two processors' two seconds.
        Assert.Equal(new Disturbance(17, 400), Disturbance.Between(before, after, processors: 2));
    }

    [Fact]
    public void What_a_program_took_counts_as_the_runs_own_also_where_it_was_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        MachineTimes before = MachineTimes.Read();
        using (PeerProcess process =
            new("sh", ["sh", "-c", "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; echo counted 1; sleep 60"], false, default))
            process.Await("counted");
        MachineTimes after = MachineTimes.Read();
        Assert.True(
            after.Own - before.Own >= 5,
            $"The program has taken some tenths of a second, and of those {after.Own - before.Own} ticks are known.");
        Assert.True(after.Busy - before.Busy >= 5 && after.Seconds > before.Seconds);
    }

    private static string? Judge(double[] ours, double[] theirs, double? earlier = null) =>
        new Quietness((_, _) => earlier).Judge(Make.Comparison(ours, theirs), []);
}
