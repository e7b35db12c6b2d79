namespace ZmqLoop.Compare.Tests;

public sealed class ClaimTests
{
    private const string ByBareLoop = "thread time to receive 100 bytes over tcp, by a bare";

    [Fact]
    public void What_was_not_measured_is_unknown() =>
        Assert.All(new Claims(new Archive([], [])).All, static claim => Assert.Equal("unknown", claim.Word));

    [Fact]
    public void What_was_noisy_is_unknown() => Assert.Equal("unknown", Judge(ByBareLoop, Bare(119) with { Noise = "loud" }).Word);

    [Theory]
    [InlineData(119, "yes")]
    [InlineData(121, "no")]
    public void A_stream_may_take_1_2_times_what_a_bare_loop_takes(double ours, string word)
    {
        Claim claim = Judge(ByBareLoop, Bare(ours));
        Assert.Equal(ours / 100, claim.Figure!.Value, 6);
        Assert.Equal((word, "at most 1.2"), (claim.Word, claim.Wanted));
    }

    [Theory]
    [InlineData(100, "yes")]
    [InlineData(110, "no")]
    public void One_receive_an_event_takes_fifteen_times_as_long(double ours, string word)
    {
        Comparison one = OnNetMQ("recv-tcp-100-1-plain-cpu", Peers.NetMQPollerOne, [ours], [1600]);
        Assert.Equal(word, Judge("thread time to receive 100 bytes over tcp: NetMQPoller's, one", one).Word);
    }

    [Fact]
    public void What_each_idle_socket_costs_is_computed_from_two_cases()
    {
        Claim claim = Judge("one message beside 1,000 idle NetMQ sockets", Users("idle-10-users", 10), Users("idle-1000-users", 40));
        Assert.Equal(30_000 / 990.0, claim.Figure!.Value, 6);
        Assert.Equal("yes", claim.Word);
    }

    [Fact]
    public void The_median_is_that_of_the_rounds()
    {
        Comparison echo = OnNetMQ("echo-p50", Peers.NetMQPoller, [10, 10, 40], [11, 5, 80]); // 1.1, 0.5, 2
        Assert.Equal(1 / 1.1, Judge("answer 100 bytes", echo).Figure!.Value, 6);
    }

    [Fact]
    public void Every_claim_is_computed_from_cases_that_netmq_runs()
    {
        IEnumerable<Comparison> all = from work in Catalogue.Select(Catalogue.NetMQ)
                                      from @case in work.Cases
                                      from peer in work.Peers.Where(Peers.IsNetMQ)
                                      select OnNetMQ(@case.Name, peer, [1], [1]);
        Assert.DoesNotContain(Of(all).All, static claim => claim.Word == "unknown");
    }

    private static Comparison Bare(double ours) => OnNetMQ("recv-tcp-100-1-plain-cpu", Peers.BareNetMQ, [ours], [100]);

    private static Comparison Users(string @case, double microseconds) => OnNetMQ(@case, Peers.NetMQPoller, [microseconds], [1]);

    private static Comparison OnNetMQ(string @case, string peer, double[] ours, double[] theirs) =>
        Make.Comparison(@case, Peers.OursOnNetMQ, peer, ours, theirs);

    private static Claims Of(IEnumerable<Comparison> comparisons) =>
        new(new Archive([], []).With(Make.Run("2026-11-28 10:00 UTC"), comparisons));

    private static Claim Judge(string text, params Comparison[] comparisons) =>
        Of(comparisons).All.First(claim => claim.Text.StartsWith(text, StringComparison.Ordinal));
}
