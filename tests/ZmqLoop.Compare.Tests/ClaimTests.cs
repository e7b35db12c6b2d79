namespace ZmqLoop.Compare.Tests;

public sealed class ClaimTests
{
    [Fact]
    public void What_was_not_measured_is_unknown() => Assert.All(Claim.Judge(new Archive([], [])), static verdict => Assert.Equal("unknown", verdict.Word));

    [Fact]
    public void What_was_noisy_is_unknown() => Assert.Equal("unknown", Judge("receive 100-byte messages, borrowed: thread time, by a bare", Bare(119) with { Noise = "loud" }).Word);

    [Theory]
    [InlineData(119, "yes")]
    [InlineData(121, "no")]
    public void A_stream_may_take_1_2_times_what_a_bare_loop_takes(double ours, string word) =>
        Assert.Equal((word, ours / 100), (Judge("receive 100-byte messages, borrowed: thread time, by a bare", Bare(ours)).Word, Judge("receive 100-byte messages, borrowed: thread time, by a bare", Bare(ours)).Figure!.Value));

    [Theory]
    [InlineData(100, "yes")]
    [InlineData(170, "no")]
    public void One_receive_an_event_takes_fifteen_times_as_long(double ours, string word) =>
        Assert.Equal(word, Judge("receive 100-byte messages, borrowed: how many", Make.Comparison("recv-tcp-100-1-cpu", Peers.OursOnNetMQ, Peers.NetMQPollerOne, [ours], [1600])).Word);

    [Fact]
    public void What_each_idle_socket_costs_is_computed_from_two_cases()
    {
        Verdict verdict = Judge("one message beside 1,000 idle NetMQ sockets", Users("idle-10-users", 10), Users("idle-1000-users", 40));
        Assert.Equal(30_000 / 990.0, verdict.Figure!.Value, 6);
        Assert.Equal("yes", verdict.Word);
    }

    [Fact]
    public void The_median_is_that_of_the_rounds()
    {
        Comparison echo = Make.Comparison("echo-p50", Peers.OursOnNetMQ, Peers.NetMQPoller, [10, 10, 40], [11, 5, 80]); // 1.1, 0.5, 2
        Assert.Equal(1 / 1.1, Judge("answer 100 bytes", echo).Figure!.Value, 6);
    }

    [Fact]
    public void Every_claim_is_computed_from_cases_that_there_are()
    {
        // Each case with each peer: then nothing is unknown.
        IEnumerable<Comparison> all = from work in Catalogue.Select(Catalogue.NetMQ)
                                      from @case in work.Cases
                                      from peer in work.Peers.Where(Peers.IsNetMQ)
                                      select Make.Comparison(@case.Name, Peers.OursOnNetMQ, peer, [1], [1]);
        Assert.DoesNotContain(Claim.Judge(new Archive([], []).With(Make.Run("2026-11-28 10:00 UTC"), all)), static verdict => verdict.Word == "unknown");
    }

    private static Comparison Bare(double ours) => Make.Comparison("recv-tcp-100-1-cpu", Peers.OursOnNetMQ, Peers.BareNetMQ, [ours], [100]);

    private static Comparison Users(string @case, double microseconds) => Make.Comparison(@case, Peers.OursOnNetMQ, Peers.NetMQPoller, [microseconds], [1]);

    private static Verdict Judge(string claim, params Comparison[] comparisons) =>
        Claim.Judge(new Archive([], []).With(Make.Run("2026-11-28 10:00 UTC"), comparisons)).First(verdict => verdict.Claim.Text.StartsWith(claim, StringComparison.Ordinal));
}
