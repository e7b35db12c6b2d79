namespace ZmqLoop.Compare.Tests;

public sealed class ComparerTests
{
    private readonly List<string> _runs = [];
    private readonly Dictionary<string, string> _variables = [];
    private readonly List<string> _told = [];

    /// <summary>What a run of a side brings: the number of all runs so far, and that of its own.</summary>
    private Func<string, int, Outcome>? _outcomeOf;

    [Fact]
    public void In_a_round_each_side_runs_once_and_every_other_round_goes_backwards()
    {
        _ = Run(Make.Echo with { Peers = [Peers.ZmqPoll, Peers.BareC] }, pairs: 3);
        Assert.Equal(["ours", "c-zmq_poll", "c-bare", "c-bare", "c-zmq_poll", "ours", "ours", "c-zmq_poll", "c-bare"], _runs);
    }

    [Fact]
    public void One_run_answers_all_cases_of_its_work_in_their_units()
    {
        Comparison[] comparisons = Run(Make.Echo, pairs: 2);
        Assert.Equal(["echo-p50", "echo-p99"], comparisons.Select(static comparison => comparison.Case.Name));
        Assert.Equal([1.0, 4.0], comparisons[0].Ours); // 1,000 ns, the first run's; 4,000, the fourth's
        Assert.Equal([4.0, 6.0], comparisons[1].Theirs);
    }

    [Fact]
    public void On_both_engines_each_is_compared_with_the_peer_and_the_one_with_the_other()
    {
        Comparison[] comparisons = Run(
            Make.Echo with { Ours = [Peers.OursOnNetMQ, Peers.OursOnLibzmq], Cases = Make.Echo.Cases[..1], Peers = [Peers.NetMQPoller] },
            pairs: 1);
        Assert.Equal(
            [("ours-netmq", "netmq-poller"), ("ours", "netmq-poller"), ("ours", "ours-netmq")], comparisons.Select(
                static comparison => (comparison.Side, comparison.Peer)));
        Assert.Equal(["ours-netmq", "ours", "netmq-poller"], _runs); // and nobody twice for it
    }

    [Fact]
    public void A_peer_that_cannot_be_had_is_named_and_not_run()
    {
        _variables["ZMQLOOP_NODE_REASON"] = "There is no node.";
        Plan plan = PlanOf(Make.Echo with { Peers = [Peers.ZmqPoll, Peers.ZeromqJs] }, pairs: 1);
        Assert.Equal(["There is no node.", "There is no node."], plan.Missing.Select(static comparison => comparison.Missing));
        Assert.Equal(["c-zmq_poll"], Assert.Single(plan.Turns).Peers.Select(static peer => peer.Name));
    }

    [Fact]
    public void Without_the_helper_in_C_no_peer_of_a_work_that_needs_it_is_run()
    {
        _variables["ZMQLOOP_C_REASON"] = "There is no compiler.";
        Plan plan = PlanOf(Make.Echo with { Peers = [Peers.ZmqPoll, Peers.PyzmqStream] }, pairs: 1);
        Assert.All(plan.Missing, static comparison => Assert.Equal("There is no compiler.", comparison.Missing));
        Assert.Empty(plan.Turns);
    }

    [Fact]
    public void A_peer_that_fails_is_reported_and_the_others_go_on()
    {
        _outcomeOf = (side, _) => side == Peers.ZmqPoll ? throw new PeerFailedException("It broke.") : Quiet(1);
        Comparer comparer = NewComparer();
        Comparison[] comparisons = [.. comparer.Run(PlanOf(Make.Echo with { Peers = [Peers.ZmqPoll, Peers.BareC] }, pairs: 2))];
        Assert.Equal("failed: It broke.", comparisons[0].Missing);
        Assert.Null(comparisons[2].Missing);
        Assert.Equal(["echo, c-zmq_poll: It broke."], comparer.Failures);
    }

    [Fact]
    public void A_limit_of_peers_counts_those_that_run_and_still_names_the_missing()
    {
        _variables["ZMQLOOP_NODE_REASON"] = "There is no node.";
        Plan plan = Plan.Of(
            [Make.Echo with { Peers = [Peers.ZmqPoll, Peers.BareC, Peers.PyzmqRecv, Peers.ZeromqJs] }],
            FoundPeers(),
            new Options { Quick = true });
        Assert.Equal(["c-zmq_poll", "c-bare"], plan.Turns.SelectMany(static turns => turns.Peers).Select(static peer => peer.Name));
        Assert.Equal("zeromq.js", plan.Missing[0].Peer);
    }

    [Fact]
    public void A_slow_peer_gets_fewer_operations_and_so_do_we_beside_it()
    {
        Plan plan = Plan.Of(Catalogue.Select(["callbacks"]), FoundPeers(), new Options());
        Assert.Equal(
            ["libuv", "asyncio tornado netmq-poller"],
            plan.Turns.Select(static turns => string.Join(' ', turns.Peers.Select(static peer => peer.Name))));
        Assert.NotEqual(plan.Turns[0].Arguments, plan.Turns[1].Arguments);
    }

    [Fact]
    public void Tornado_4_5_is_missing_unless_a_copy_is_named()
    {
        Work wrap = Assert.Single(Catalogue.Select(["wrap-3"]));
        Assert.StartsWith("tornado 4.5 is not shipped", Assert.Single(PlanOf(wrap, pairs: 1).Missing).Missing, StringComparison.Ordinal);
        _variables["ZMQLOOP_TORNADO45"] = "/nowhere";
        Assert.StartsWith("There is no stack_context.py", Assert.Single(PlanOf(wrap, pairs: 1).Missing).Missing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disturbed_run_is_made_again_at_once()
    {
        _outcomeOf = (side, number) => side == "ours" && number == 1 ? new Outcome([5_000_000, 1], Make.Busy) : Quiet(1_000);
        Comparison comparison = Run(Make.Echo, pairs: 2, patience: 1)[0];
        Assert.Equal(["ours", "ours", "c-zmq_poll", "c-zmq_poll", "ours"], _runs);
        Assert.Equal([1.0, 1.0], comparison.Ours);
        Assert.True(comparison.IsKept);
    }

    [Fact]
    public void On_a_machine_that_is_never_quiet_everything_is_noisy_and_that_ends()
    {
        _outcomeOf = (_, _) => new Outcome([1_000, 1_000], Make.Busy);
        Comparison[] comparisons = Run(Make.Echo, pairs: 5, patience: 1_000);
        Assert.All(
            comparisons, static comparison => Assert.Equal("other programs took 50% of the processors during a run", comparison.Noise));
        Assert.Equal(2 * 5 * 3 * 2, _runs.Count); // two sides, five rounds, three tries of each run, twice
    }

    [Fact]
    public void The_patience_of_a_whole_command_is_limited()
    {
        _outcomeOf = (_, _) => new Outcome([1_000, 1_000], Make.Busy);
        _ = Run(Make.Echo, pairs: 5, patience: 10);
        Assert.Equal(10 + 10, _runs.Count);
    }

    [Fact]
    public void What_was_noisy_is_measured_again_and_what_was_not_keeps_its_figures()
    {
        // zmq_poll's first five figures lie far apart, and never again.
        _outcomeOf = (side, number) => Quiet(side == Peers.ZmqPoll && number <= 5 ? 1_000 * Math.Pow(3, number) : 1_000);
        Comparison[] comparisons = Run(
            Make.Echo with { Cases = Make.Echo.Cases[..1], Peers = [Peers.ZmqPoll, Peers.BareC] }, pairs: 5, patience: 100);
        Assert.All(comparisons, static comparison => Assert.True(comparison.IsKept));
        Assert.Equal(5, _runs.Count(static side => side == Peers.BareC));
        Assert.Equal(10, _runs.Count(static side => side == Peers.ZmqPoll));
    }

    [Fact]
    public void What_stays_noisy_is_marked_with_the_reason()
    {
        _outcomeOf = (side, number) => Quiet(side == Peers.ZmqPoll ? 1_000 * Math.Pow(3, number) : 1_000);
        Assert.StartsWith(
            "the ratios of half of the rounds lie", Run(Make.Echo, pairs: 5, patience: 100)[0].Noise, StringComparison.Ordinal);
    }

    private static Outcome Quiet(double figure) => new([figure, figure], Disturbance.None);

    private Comparison[] Run(Work work, int pairs, int patience = 0) => [.. NewComparer(patience).Run(PlanOf(work, pairs))];

    private Plan PlanOf(Work work, int pairs) => Plan.Of([work], FoundPeers(), new Options { Pairs = pairs });

    private Comparer NewComparer(int patience = 0) =>
        new(
            (_, side, _) => Measure(side),
            new Quietness(static (_, _) => null),
            new Progress(0, _told.Add, TimeProvider.System)) { Patience = patience };

    private Peers FoundPeers() => new("/checkout", name => _variables.GetValueOrDefault(name));

    private Outcome Measure(Peer side)
    {
        _runs.Add(side.Name);
        return _outcomeOf?.Invoke(side.Name, _runs.Count(run => run == side.Name))
            ?? new Outcome([_runs.Count * 1_000, _runs.Count * 2_000], Disturbance.None);
    }
}
