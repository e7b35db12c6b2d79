using System.Text.Json;

namespace ZmqLoop.Compare;

/// <summary>A run's results as files: compare.md, compare.json, a picture for each family, and one of what matters most.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Dictionary<string, string> _titles = new(StringComparer.Ordinal)
    {
        ["recv"] = "Receiving: messages per second, and the receiving thread's processor time per message (-cpu)",
        ["send"] = "Sending through the queue: messages per second, and the sending thread's processor time (-cpu)",
        ["echo"] = "Round trips of 100 bytes over tcp: median and 99th percentile",
        ["loop"] = "The loop: callbacks, posts from other threads, timers",
        ["contexts"] = "A wrapped callback's call in 0, 1, 3 and 10 contexts",
        ["idle"] = "One message beside 10, 1,000 and 5,000 idle sockets",
        ["footprint"] = "Time to the first message, and memory with 5,000 idle sockets",
    };

    public static void Write(string folder, string how, Machine machine, IReadOnlyList<Comparison> comparisons)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "compare.md"), Markdown(how, machine, comparisons));
        File.WriteAllText(Path.Combine(folder, "compare.json"), Json(how, machine, comparisons));
        foreach (var family in comparisons.GroupBy(static comparison => comparison.Family))
            File.WriteAllText(Path.Combine(folder, family.Key + ".svg"), BarChart.Draw(_titles[family.Key], [.. family]));
        File.WriteAllText(Path.Combine(folder, "overview.svg"), BarChart.Draw("ZmqLoop against others", [.. comparisons.Where(IsInOverview)]));
    }

    private static bool IsInOverview(Comparison comparison) =>
        comparison.Case.Name is "recv-tcp-100-1" or "send-tcp-100-1" or "echo-p50" or "callbacks" or "posts-1" or "timers-cancel" or "wrap-1" or "idle-5000" or "memory";

    private static string Markdown(string how, Machine machine, IReadOnlyList<Comparison> comparisons)
    {
        List<string> lines =
        [
            "# Side by side",
            "",
            $"Written by `{how}`; [bench/README.md](../README.md) says how to read it.",
            "",
            $"{machine.Began}: {machine.Cores} × {machine.Cpu}, {machine.System}, {machine.Runtime}. Load averages before: {machine.LoadBefore}; after: {machine.LoadAfter}.",
        ];
        foreach (var family in comparisons.GroupBy(static comparison => comparison.Family))
            lines.AddRange(["", $"## {_titles[family.Key]}", "", $"![]({family.Key}.svg)", "", .. Report.Table(family)]);
        return string.Join('\n', lines) + "\n";
    }

    private static string Json(string how, Machine machine, IReadOnlyList<Comparison> comparisons) => JsonSerializer.Serialize(
        new
        {
            command = how,
            machine,
            comparisons = comparisons.Select(static comparison => new
            {
                @case = comparison.Case.Name,
                comparison.Peer,
                unit = comparison.Case.Unit.Name,
                comparison.Case.Unit.MoreIsBetter,
                ratio = comparison.Missing is null ? comparison.Ratio : (double?)null,
                comparison.Ours,
                comparison.Theirs,
                comparison.Missing,
            }),
        },
        _indented) + "\n";
}
