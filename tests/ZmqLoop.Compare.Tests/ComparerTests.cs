namespace ZmqLoop.Compare.Tests;

public sealed class ComparerTests
{
    private static readonly Work _work = new("echo", "echo", Partner.Asker, "echo", [], [new("echo-p50", "p50", Unit.Microseconds), new("echo-p99", "p99", Unit.Microseconds)], [Peers.ZmqPoll, Peers.ZeromqJs]);

    private readonly List<string> _runs = [];
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void Runs_are_by_turns_ours_and_the_peers()
    {
        _ = Run(pairs: 3, _work with { Peers = [Peers.ZmqPoll] });
        Assert.Equal(["ours", "c-zmq_poll", "ours", "c-zmq_poll", "ours", "c-zmq_poll"], _runs);
    }

    [Fact]
    public void One_run_answers_all_cases_of_its_work_in_their_units()
    {
        Comparison[] comparisons = Run(pairs: 2, _work with { Peers = [Peers.ZmqPoll] });
        Assert.Equal(["echo-p50", "echo-p99"], comparisons.Select(static comparison => comparison.Case.Name));
        Assert.Equal([1.0, 3.0], comparisons[0].Ours); // 1,000 ns, the first run's; 3,000, the third's
        Assert.Equal([4.0, 8.0], comparisons[1].Theirs);
    }

    [Fact]
    public void A_peer_that_cannot_be_had_is_named_and_not_run()
    {
        _variables["ZMQLOOP_NODE_REASON"] = "There is no node.";
        Comparison[] comparisons = Run(pairs: 1, _work);
        Assert.Equal([null, null, "There is no node.", "There is no node."], comparisons.Select(static comparison => comparison.Missing));
        Assert.DoesNotContain("zeromq.js", _runs);
    }

    [Fact]
    public void Without_the_helper_in_C_no_peer_of_a_work_that_needs_it_is_run()
    {
        _variables["ZMQLOOP_C_REASON"] = "There is no compiler.";
        Assert.All(Run(pairs: 1, _work), static comparison => Assert.Equal("There is no compiler.", comparison.Missing));
        Assert.Empty(_runs);
    }

    [Fact]
    public void A_peer_that_fails_is_reported_and_the_others_go_on()
    {
        Comparer comparer = new(FoundPeers(), (work, side, _) => side.Name == Peers.ZmqPoll ? throw new PeerFailedException("It broke.") : Figures(side), 2);
        Comparison[] comparisons = [.. comparer.Run([_work])];
        Assert.Equal("failed: It broke.", comparisons[0].Missing);
        Assert.Null(comparisons[2].Missing);
        Assert.Equal(["echo, c-zmq_poll: It broke."], comparer.Failures);
    }

    [Fact]
    public void A_limit_of_peers_counts_those_that_run_and_still_names_the_missing()
    {
        _variables["ZMQLOOP_NODE_REASON"] = "There is no node.";
        Work work = _work with { Cases = _work.Cases[..1], Peers = [Peers.ZmqPoll, Peers.BareC, Peers.ZeromqJs] };
        Comparer comparer = new(FoundPeers(), (_, side, _) => Figures(side), 1) { PeersPerWork = 1 };
        Assert.Equal(["c-zmq_poll", "zeromq.js"], comparer.Run([work]).Select(static comparison => comparison.Peer));
    }

    [Fact]
    public void A_slow_peer_gets_fewer_operations_and_so_do_we_then()
    {
        List<string> given = [];
        Comparer comparer = new(FoundPeers(), (_, side, arguments) =>
        {
            given.Add($"{side.Name} {string.Join(' ', arguments)}");
            return Figures(side);
        }, 1);
        _ = comparer.Run(Catalogue.Select(["callbacks"])).ToList();
        Assert.Equal(given[0].Split(' ')[1], given[1].Split(' ')[1]);
        Assert.Equal("libuv", given[1].Split(' ')[0]);
        Assert.NotEqual(given[1].Split(' ')[1], given[3].Split(' ')[1]);
    }

    [Fact]
    public void Tornado_4_5_is_missing_unless_a_copy_is_named()
    {
        Work wrap = Assert.Single(Catalogue.Select(["wrap-3"]));
        Assert.StartsWith("tornado 4.5 is not shipped", Assert.Single(Run(pairs: 1, wrap)).Missing, StringComparison.Ordinal);
        _variables["ZMQLOOP_TORNADO45"] = "/nowhere";
        Assert.StartsWith("There is no stack_context.py", Assert.Single(Run(pairs: 1, wrap)).Missing, StringComparison.Ordinal);
    }

    private Comparison[] Run(int pairs, Work work) => [.. new Comparer(FoundPeers(), (_, side, _) => Figures(side), pairs).Run([work])];

    private Peers FoundPeers() => new("/checkout", name => _variables.GetValueOrDefault(name));

    private double[] Figures(Peer side)
    {
        _runs.Add(side.Name);
        return [_runs.Count * 1_000, _runs.Count * 2_000];
    }
}
