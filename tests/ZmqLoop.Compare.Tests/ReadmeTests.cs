using ZmqLoop.Testing;

namespace ZmqLoop.Compare.Tests;

/// <summary>README's table of published programs is what was measured last.</summary>
public sealed class ReadmeTests
{
    private static readonly Archive _archive = Archive.Load(Results.FileIn(Path.Combine(Checkout.Root, "bench", "results")));

    [Theory]
    [InlineData("jit")]
    [InlineData("trimmed")]
    [InlineData("ready")]
    [InlineData("native")]
    public void The_readme_has_the_figures_that_are_kept(string way)
    {
        string row = $"| {Figure(way, "netmq", "start")} ms, {Figure(way, "libzmq", "start")} ms "
            + $"| {Figure(way, "netmq", "memory")} MiB, {Figure(way, "libzmq", "memory")} MiB | {Figure(way, "netmq", "size")} MiB |\n";
        Assert.Contains(row, File.ReadAllText(Path.Combine(Checkout.Root, "README.md")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static string Figure(string way, string engine, string what)
    {
        string side = Peers.Published(way, engine);
        Comparison kept = _archive.Comparisons.Select(static kept => kept.Comparison).First(comparison => comparison.IsKept
            && comparison.Case.Name == $"published-{engine}-{what}" && (comparison.Side == side || comparison.Peer == side));
        return Report.Figure(Spread.Of(kept.Side == side ? kept.Ours : kept.Theirs).Median);
    }
}
