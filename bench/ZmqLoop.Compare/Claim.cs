using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>What the loop on NetMQ is meant to reach, to be computed from comparisons.</summary>
/// <param name="Text">What is looked at.</param>
/// <param name="Bound">The figure that is wanted.</param>
/// <param name="IsLeast">Whether it is wanted at least, or at most.</param>
/// <param name="Compute">The figure; null where a comparison that it needs was not kept.</param>
internal sealed record Claim(string Text, double Bound, bool IsLeast, Func<Figures, double?> Compute)
{
    private const string Ours = Peers.OursOnNetMQ;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Claim> All { get; } =
    [
        .. Each(size => AtMost($"receive {size}-byte messages, borrowed: thread time, by a bare NetMQ loop's", 1.2, figures => 1 / figures.Ratio($"recv-tcp-{size}-1-cpu", Ours, Peers.BareNetMQ))),
        .. Each(size => AtMost($"receive {size}-byte messages, copied: thread time, by a bare NetMQ loop's", 1.5, figures => 1 / figures.Ratio($"recv-tcp-{size}-1-copy-cpu", Ours, Peers.BareNetMQ))),
        .. Each(size => AtMost($"receive {size}-byte messages, borrowed: thread time, by NetMQPoller's with a handler that drains", 1, figures => 1 / figures.Ratio($"recv-tcp-{size}-1-cpu", Ours, Peers.NetMQPoller))),
        .. Each(size => AtLeast($"receive {size}-byte messages, borrowed: how many times less thread time than NetMQPoller with one receive an event", 15, figures => figures.Ratio($"recv-tcp-{size}-1-cpu", Ours, Peers.NetMQPollerOne))),
        AtLeast("post callbacks from another thread: how many times faster than NetMQQueue", 8, static figures => figures.Ratio("posts-1", Ours, Peers.NetMQPoller)),
        .. from count in (int[])[1_000, 5_000]
           select AtMost($"one message beside {Grouped(count)} idle sockets that the engine made, by one beside 10", 1.25, figures => figures.Ours($"idle-{count}") / figures.Ours("idle-10")),
        .. from count in (int[])[1_000, 5_000]
           select AtMost($"one message beside {Grouped(count)} idle NetMQ sockets of your own: ns for each of them", 34, figures => 1_000 * (figures.Ours($"idle-{count}-users") - figures.Ours("idle-10-users")) / (count - 10)),
        AtMost("answer 100 bytes over tcp: the median round trip, by NetMQPoller's", 1, static figures => 1 / figures.Ratio("echo-p50", Ours, Peers.NetMQPoller)),
    ];

    /// <summary>Such as "at most 1.2".</summary>
    public string Wanted => string.Create(CultureInfo.InvariantCulture, $"at {(IsLeast ? "least" : "most")} {Bound}");

    public static IReadOnlyList<Verdict> Judge(Archive archive)
    {
        Figures figures = new(archive);
        return [.. All.Select(claim => new Verdict(claim, claim.Compute(figures)))];
    }

    private static string Grouped(int count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static IEnumerable<Claim> Each(Func<int, Claim> make) => ((int[])[10, 100]).Select(make);

    private static Claim AtMost(string text, double bound, Func<Figures, double?> compute) => new(text, bound, false, compute);

    private static Claim AtLeast(string text, double bound, Func<Figures, double?> compute) => new(text, bound, true, compute);
}

/// <summary>What a claim has come to.</summary>
internal sealed record Verdict(Claim Claim, double? Figure)
{
    /// <summary>yes, no, or unknown where it was not measured on a quiet machine.</summary>
    public string Word => Figure is not { } figure ? "unknown" : (Claim.IsLeast ? figure >= Claim.Bound : figure <= Claim.Bound) ? "yes" : "no";
}

/// <summary>What claims are computed from.</summary>
internal sealed class Figures(Archive archive)
{
    /// <summary>The median of the rounds: more is better for us.</summary>
    public double? Ratio(string @case, string side, string peer) => archive.Comparisons
        .FirstOrDefault(kept => kept.Comparison.IsKept && kept.Comparison.Case.Name == @case && kept.Comparison.Side == side && kept.Comparison.Peer == peer)?.Comparison.RatioOfPairs.Median;

    /// <summary>What we reach on NetMQ, against whomever.</summary>
    public double? Ours(string @case) => archive.Comparisons
        .FirstOrDefault(kept => kept.Comparison.IsKept && kept.Comparison.Case.Name == @case && kept.Comparison.Side == Peers.OursOnNetMQ) is { } found ? Spread.Of(found.Comparison.Ours).Median : null;
}
