using System.Text.RegularExpressions;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>What is wrong, and what is not.</summary>
public sealed partial class FindingTests
{
    private static readonly WindowSnapshot _recent = Samples.Recent;
    private static readonly ConnectionSnapshot _connected = new(1, 1, 0, 0, 0, 0);
    private static readonly ConnectionSnapshot _alone = new(0, 1, 1, 0, 9, 0);

    private static string[] Of(LoopSnapshot loop) => [.. FindingRules.Apply([loop], [], [], Samples.Now).Worst.Select(Text)];

    private static string[] Of(StreamSnapshot stream) => [.. Told(stream).Select(Text)];

    private static IReadOnlyList<Finding> Told(StreamSnapshot stream) => FindingRules.Apply([], [stream], [], Samples.Now).Worst;

    private static IEnumerable<string> OfProxy(double heldUpSeconds) => FindingRules
        .Apply([], [], [Samples.Proxy with { HeldUpSeconds = heldUpSeconds }], Samples.Now).Worst.Select(Text);

    private static string Text(Finding finding) => $"{finding.Severity} {finding.Rule}: {finding.Title}";

    [Fact]
    public void Where_nothing_is_wrong_nothing_is_found()
    {
        Assert.Empty(FindingRules.Apply([Samples.Loop], [Samples.Stream], [Samples.Proxy], Samples.Now).Worst);
        Assert.Empty(FindingRules.Apply([], [], [], Samples.Now).Worst);
        Assert.Empty(Of(Samples.Stream with { Recent = null }));
    }

    [Fact]
    public void The_worst_is_first()
    {
        Finding[] findings = [.. FindingRules.Apply([Samples.Loop with { LagSeconds = 0.5 }],
            [Samples.Stream with { QueueLimit = 10, Queued = 10 }], [Samples.Proxy], Samples.Now).Worst];
        Assert.Equal(["full-queue", "late-timers"], findings.Select(static finding => finding.Rule));
        Assert.Equal((1, 7), (findings[0].Loop, findings[0].Stream));
    }

    [Fact]
    public void A_blocked_loop_says_by_what_and_a_late_timer_is_not_another_finding()
    {
        LoopSnapshot blocked = Samples.Loop with { Current = new CallbackSnapshot("Callback A.B", 12.3, []), LagSeconds = 12 };
        Assert.Equal(["Critical blocked-loop: Loop ingest has been blocked for 12 s by Callback A.B"], Of(blocked));
        Assert.Empty(Of(Samples.Loop with { Current = new CallbackSnapshot("Callback A.B", 0.9, []) }));
    }

    [Fact]
    public void A_block_that_is_over_is_told_of_for_a_minute()
    {
        BlockSnapshot block = new("Callback A.B", Samples.Now.AddSeconds(-62), 3, IsOver: true);
        Assert.Equal(["Warning blocked-loop: Loop ingest was blocked for 3 s in the last minute, by Callback A.B"],
            Of(Samples.Loop with { Blocks = [block] }));
        Assert.Empty(Of(Samples.Loop with { Blocks = [block with { Since = Samples.Now.AddSeconds(-64) }] }));
        Assert.Empty(Of(Samples.Loop with { Blocks = [block with { IsOver = false }] }));
    }

    [Fact]
    public void A_loop_that_gets_round_too_slowly_says_what_it_is_at()
    {
        Assert.Equal(["Warning slow-callback: A callback of loop ingest runs for 250 ms and more at a time: Timeout A.B",
            "Warning late-timers: Timers of loop ingest are late by 200 ms"],
            Of(Samples.Loop with { Slowest = new CallbackSnapshot("Timeout A.B", 0.25, []), LagSeconds = 0.2 }));
        Assert.Empty(Of(Samples.Loop with { Slowest = new CallbackSnapshot("Timeout A.B", 0.09, []), LagSeconds = 0.09 }));
        Assert.Equal(["Warning many-callbacks: 12,345 callbacks wait on loop ingest"], Of(Samples.Loop with { Callbacks = 12_345 }));
    }

    [Fact]
    public void What_takes_long_is_named_though_something_short_runs_more_often()
    {
        LoopProfile profile = new();
        for (int i = 0; i < 50; i++) profile.Add("often", new CallbackSnapshot("Callback A.Often", 0.001, []));
        for (int i = 0; i < 5; i++) profile.Add("slow", new CallbackSnapshot("Timeout A.Slow", 0.1 * i, []));
        profile.Add(null, null);
        Assert.Equal("Callback A.Often", profile.Busiest!.Callback);
        Assert.Equal(["Warning slow-callback: A callback of loop ingest runs for 400 ms and more at a time, 9 % of the time: "
            + "Timeout A.Slow"],
            Of(Samples.Loop with { Busiest = profile.Busiest, Slowest = profile.Slowest }));
        Assert.Null(new LoopProfile().Slowest);
    }

    [Fact]
    public void A_stuck_handler_is_worse_where_it_keeps_the_others_waiting()
    {
        StreamSnapshot stuck = Samples.Stream with { Handlers = 1, OldestHandler = "Stream A.B", OldestHandlerSeconds = 600 };
        Assert.Equal(["Warning stuck-handler: A handler of orders has been running for 10 min, and 1 of 2 places are taken: Stream A.B"],
            Of(stuck));
        Assert.Equal(["Critical stuck-handler: A handler of orders has been running for 10 min, and no other message is handled meanwhile: "
            + "Stream A.B"], Of(stuck with { Handlers = 2 }));
        Assert.Empty(Of(stuck with { HandlerWarningSeconds = 601 }));
        Assert.Empty(Of(stuck with { HandlerWarningSeconds = null, OldestHandlerSeconds = 9 }));
        Assert.Single(Of(stuck with { HandlerWarningSeconds = null }));
    }

    [Fact]
    public void A_queue_that_is_full_or_held_up_says_whether_the_peer_is_there()
    {
        StreamSnapshot full = Samples.Stream with { QueueLimit = 1000, Queued = 900, IsHeldUp = true };
        Assert.Equal(["Critical full-queue: The send queue of orders is full: 900 of 1,000 messages wait"], Of(full));
        Assert.EndsWith("no peer is connected.", Told(full with { Connections = _alone }).Single().Action,
            StringComparison.Ordinal);
        Assert.EndsWith("1 connected, and not reading.", Told(full with { Connections = _connected }).Single().Action,
            StringComparison.Ordinal);
        Assert.Equal(["Warning full-peer: 899 messages of orders wait, and no peer has room for them"], Of(full with { Queued = 899 }));
        Assert.Equal(["Warning full-peer: 2 peers of orders cannot take more: 5 messages wait for room, without a limit for a peer"],
            Of(Samples.Stream with { PeersWithoutRoom = 2, Queued = 5, IsHeldUp = true }));
        Assert.Empty(Of(Samples.Stream with { Queued = 100_000 })); // they go out
    }

    [Fact]
    public void Peers_that_come_and_go_that_are_not_there_or_that_are_not_let_in_are_told_of()
    {
        Assert.Equal(["Warning flapping-peer: Peers of orders come and go: 4 connects and 3 disconnects in 60 s"],
            Of(Samples.Stream with { Connections = _connected, Recent = _recent with { Connects = 4, Disconnects = 3 } }));
        Assert.Empty(Of(Samples.Stream with { Connections = _connected, Recent = _recent with { Connects = 1, Disconnects = 9 } }));
        Assert.Equal(["Warning nobody-listens: orders cannot connect: 9 attempts failed in 60 s"],
            Of(Samples.Stream with { Connections = _alone, Recent = _recent with { Retries = 9 } }));
        Assert.Empty(Of(Samples.Stream with { Connections = _connected, Recent = _recent with { Retries = 9 } }));
        Assert.Equal(["Warning failed-handshakes: 2 peers of orders did not get through the handshake in 60 s"],
            Of(Samples.Stream with { Connections = _connected, Recent = _recent with { HandshakeFailures = 2 } }));
    }

    [Fact]
    public void What_was_lost_of_late_is_told_of_by_reason_and_what_was_lost_long_ago_is_not()
    {
        StreamSnapshot lost = Samples.Stream with
        {
            Dropped = new DroppedSnapshot(5, 0, 2, 0), Counters = new StreamCounters { Unroutable = 9, Oversized = 9 },
        };
        Assert.Empty(Of(lost));
        Assert.Equal(["Critical dropped-messages: orders dropped 3 messages in 60 s, 7 since the start: "
            + "the queue was full (5), their time to live was over (2)"],
            Of(lost with { Recent = _recent with { Dropped = 3 } }));
        Assert.Equal(["Warning unroutable-messages: 4 messages of orders had no route in 60 s",
            "Warning oversized-messages: 1 messages were too large for orders in 60 s, and were dropped"],
            Of(lost with { Recent = _recent with { Unroutable = 4, Oversized = 1 } }));
    }

    [Fact]
    public void A_peer_without_room_stands_before_what_was_dropped_for_it_with_its_limit()
    {
        StreamSnapshot full = Samples.Stream with
        {
            PeersWithoutRoom = 1, Queued = 10, IsHeldUp = true, PeerQueueLimit = 10, Dropped = new DroppedSnapshot(0, 629, 0, 0),
            Recent = _recent with { Dropped = 224, Seconds = 10 },
        };
        Assert.Equal(["Critical full-peer: A peer of orders cannot take more: 10 messages wait for room, 10 at most for each peer",
            "Critical dropped-messages: orders dropped 224 messages in 10 s, 629 since the start: a peer's queue was full"], Of(full));
        Assert.Equal("That peer does not read, or too slowly: see full-peer. The code that sent them was told.", Told(full)[1].Action);
    }

    [Fact]
    public void A_slow_callback_of_a_stream_names_the_stream()
    {
        LoopSnapshot slow = Samples.Loop with { Slowest = new CallbackSnapshot("Stream A.B of orders", 0.2, [], Stream: 7) };
        Assert.Equal((1, 7), FindingRules.Apply([slow], [], [], Samples.Now).Worst.Select(static one => (one.Loop, one.Stream)).Single());
    }

    [Fact]
    public void A_publisher_whose_subscriber_comes_and_goes_is_not_told_of_answers()
    {
        StreamSnapshot flapping = Samples.Stream with { Connections = _connected, Recent = _recent with { Connects = 4, Disconnects = 3 } };
        Assert.Contains("has missed what was published", Told(flapping with { Type = "PUB" }).Single().Action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscriber_that_gets_nothing_is_connected_or_not()
    {
        StreamSnapshot subscriber = Samples.Stream with { Type = "SUB", IdleSeconds = 31 };
        Assert.StartsWith("It is connected, so either the publisher is silent or its topic does not fit",
            Told(subscriber with { Connections = _connected }).Single().Action, StringComparison.Ordinal);
        Assert.StartsWith("It is not connected: ", Told(subscriber with { Connections = _alone }).Single().Action,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscriber_that_gets_nothing_any_more_is_told_of()
    {
        StreamSnapshot subscriber = Samples.Stream with { Type = "SUB", IdleSeconds = 31 };
        Assert.Equal(["Warning stale-subscriber: orders has received nothing for 31 s"], Of(subscriber));
        Assert.Equal(["Notice stale-subscriber: orders has received nothing so far"], Of(subscriber with { IdleSeconds = null }));
        Assert.Equal(["Warning stale-subscriber: Nobody takes the messages of orders"], Of(subscriber with { IsReceiving = false }));
        Assert.Empty(Of(subscriber with { IdleSeconds = 29 }));
        Assert.Empty(Of(subscriber with { IdleSeconds = null, AgeSeconds = 29 }));
        Assert.Empty(Of(subscriber with { Type = "DEALER" }));
    }

    [Fact]
    public void What_follows_from_a_blocked_loop_is_not_told_of_as_well()
    {
        StreamSnapshot subscriber = Samples.Stream with { Type = "SUB", IdleSeconds = 31 };
        LoopSnapshot blocked = Samples.Loop with { Current = new CallbackSnapshot("Callback A.B", 31, []) };
        Assert.Equal("blocked-loop", FindingRules.Apply([blocked], [subscriber], [], Samples.Now).Worst.Single().Rule);
        Assert.Equal(2, FindingRules.Apply([blocked], [subscriber with { Loop = 2 }], [], Samples.Now).Count);
    }

    [Fact]
    public void A_proxy_that_stands_still_is_told_of()
    {
        Assert.Equal(
            ["Warning held-up-proxy: broker has been held up for 4 s: one side has no room for what the other brings"], OfProxy(4));
        Assert.Empty(OfProxy(2));
    }

    [Fact]
    public void Each_rule_has_its_section_in_the_operations_page_and_the_page_has_no_other()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "operations.md"));
        string rules = File.ReadAllText(Path.Combine(Checkout.Root, "src", "ZmqLoop.Dashboard", "Sampling", "FindingRules.cs"));
        string[] named = [.. Rule().Matches(rules).Select(static match => match.Groups[1].Value)
            .Concat(StreamRule.All.Select(static rule => rule.Name)).Distinct().Order(StringComparer.Ordinal)];
        Assert.True(named.Length > 10);
        string section = page[page.IndexOf("## What the live page finds", StringComparison.Ordinal)..];
        Assert.Equal(named, Heading().Matches(section).Select(static match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("new Finding\\([^\"]*\"([a-z-]+)\"")]
    private static partial Regex Rule();

    [GeneratedRegex("^### ([a-z-]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
