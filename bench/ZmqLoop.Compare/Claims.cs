using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>The claims, computed from what was kept. A ratio is the median of the rounds' own.</summary>
internal sealed class Claims(Archive archive)
{
    public IReadOnlyList<Claim> All =>
    [
        .. Sizes(size => AtMost(1.2, $"{Receive(size)}, by a bare NetMQ loop's", 1 / Ratio(Received(size), Peers.BareNetMQ))),
        .. Sizes(size => AtMost(1.5, $"{Receive(size)}, copied, by a bare NetMQ loop's", 1 / Ratio(Copied(size), Peers.BareNetMQ))),
        .. Sizes(
            size => AtMost(1, $"{Receive(size)}, by NetMQPoller's whose handler drains", 1 / Ratio(Received(size), Peers.NetMQPoller))),
        .. Sizes(
            size => AtLeast(15, $"{Receive(size)}: NetMQPoller's, one an event, by ours", Ratio(Received(size), Peers.NetMQPollerOne))),
        AtLeast(8, "post callbacks from another thread: NetMQQueue's time, by ours", Ratio("posts-1", Peers.NetMQPoller)),
        .. Counts(count => AtMost(1.25, $"{Beside(count)} idle sockets that the engine made: by one beside 10", ByTen(count))),
        .. Counts(count => AtMost(34, $"{Beside(count)} idle NetMQ sockets of your own: ns for each of them", ForEach(count))),
        AtMost(1, "answer 100 bytes over tcp: the median round trip, by NetMQPoller's", 1 / Ratio("echo-p50", Peers.NetMQPoller)),
    ];

    private static IEnumerable<Claim> Sizes(Func<int, Claim> claim) => ((int[])[10, 100]).Select(claim);

    private static IEnumerable<Claim> Counts(Func<int, Claim> claim) => ((int[])[1_000, 5_000]).Select(claim);

    private static string Receive(int size) => $"thread time to receive {size} bytes over tcp";

    private static string Received(int size) => $"recv-tcp-{size}-1-plain-cpu";

    private static string Copied(int size) => $"recv-tcp-{size}-1-plain-copy-cpu";

    private static string Beside(int count) => $"one message beside {count.ToString("N0", CultureInfo.InvariantCulture)}";

    private static Claim AtMost(double bound, string text, double? figure) => new(text, bound, false, figure);

    private static Claim AtLeast(double bound, string text, double? figure) => new(text, bound, true, figure);

    private double? ByTen(int count) => Ours($"idle-{count}") / Ours("idle-10");

    /// <summary>Of microseconds, those that each of the sockets adds, in nanoseconds.</summary>
    private double? ForEach(int count) => 1_000 * (Ours($"idle-{count}-users") - Ours("idle-10-users")) / (count - 10);

    /// <summary>How many times better we are on NetMQ.</summary>
    private double? Ratio(string @case, string peer) => Find(@case, peer)?.RatioOfPairs.Median;

    /// <summary>What we reach on NetMQ.</summary>
    private double? Ours(string @case) => Find(@case, Peers.NetMQPoller) is { } found ? Spread.Of(found.Ours).Median : null;

    private Comparison? Find(string @case, string peer) =>
        archive.Comparisons.FirstOrDefault(kept => kept.Is(@case, peer, Peers.OursOnNetMQ))?.Comparison;
}
