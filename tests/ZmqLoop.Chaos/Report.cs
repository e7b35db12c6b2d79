using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ZmqLoop.Chaos;

/// <summary>What a run came to, as a table.</summary>
internal sealed class Report(Options options, IReadOnlyList<Row> rows, string command)
{
    private const int LongestFailure = 100;
    private const string SectionBegin = "## ";

    private static readonly string[] _heads =
    [
        "area", "case", "engine", "how often", "lost", "doubled", "reordered", "hung", "let in", "crashed", "memory", "descriptors",
        "seconds", "",
    ];

    private static readonly string? _commit = Environment.GetEnvironmentVariable("ZMQLOOP_COMMIT");

    /// <summary>For people who watch: the table, what failed, and how to do it again.</summary>
    public IEnumerable<string> Lines()
    {
        string[][] table = [_heads, .. rows.Select(Cells)];
        int[] widths = [.. _heads.Select((_, i) => table.Max(cells => cells[i].Length))];
        yield return "";
        foreach (string[] cells in table)
        {
            IEnumerable<string> padded = cells.Select((cell, i) => IsNumber(i) ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]));
            yield return string.Join("  ", padded).TrimEnd();
        }

        foreach (Row row in rows)
        {
            foreach (string failure in row.Outcome.Failures) yield return $"failed: {row.Case.FullName} on {row.Engine}: {failure}";
        }

        yield return $"again: {command}";
    }

    /// <summary>Such as <c>29 passed, 0 failed</c>.</summary>
    public string Closing() => Closing(rows);

    /// <summary>One line of a case that has ended.</summary>
    public static string Summary(Outcome outcome, ChaosCase one) => outcome.IsSkipped ? $"skipped: {outcome.Skipped}"
        : string.Create(CultureInfo.InvariantCulture,
            $"{(outcome.HasPassed ? "passed" : "FAILED")}: {outcome.Count:N0} {one.Unit} in {outcome.Seconds:F0} s; {outcome.Note}");

    /// <summary>Writes the page, or, where it is there, this run's engines in it.</summary>
    public void WriteTo(string file)
    {
        string[] sections = File.Exists(file) ? File.ReadAllText(file).Split(SectionBegin)[1..] : [];
        Dictionary<string, string> byEngine = sections.ToDictionary(static section => section.Split('\n')[0], static section => section);
        foreach (string engine in options.Engines) byEngine[engine] = Section(engine);
        string page = """
            # Reliability

            What the last attacks came to: strangers, faults, and users at their worst. `./build.sh chaos` writes this page;
            [chaos.md](chaos.md) says what its cases do, and [security.md](security.md) what they stand for.


            """;
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        Directory.CreateDirectory(folder);
        IEnumerable<string> all = Engines.All.Where(byEngine.ContainsKey).Select(engine => SectionBegin + byEngine[engine].TrimEnd());
        File.WriteAllText(file, page + string.Join("\n\n", all) + "\n");
    }

    private string Section(string engine)
    {
        Row[] own = [.. rows.Where(row => row.Engine == engine)];
        StringBuilder text = new();
        text.Append(engine).Append("\n\n");
        Line($"* `{command}`, commit {_commit ?? "unknown"}, seed {options.Seed}, {options.Minutes} minutes at most");
        Line($"* {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}");
        Line($"* **{Closing(own)}**");
        Line($"");
        Line($"| {string.Join(" | ", _heads)} |");
        Line($"| {string.Join(" | ", _heads.Select(static (_, i) => IsNumber(i) ? "---:" : "---"))} |");
        foreach (Row row in own) Line($"| {string.Join(" | ", Cells(row))} |");
        Line($"");
        foreach (Row row in own.Where(static row => row.Outcome.Failures.Count > 0))
        {
            string first = row.Outcome.Failures[0].Split('\n')[0];
            if (first.Length > LongestFailure) first = first[..LongestFailure] + "…";
            Line($"* failed: {row.Case.FullName}: `{first}`");
        }

        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');
    }

    private static string Closing(IReadOnlyList<Row> rows)
    {
        int passed = rows.Count(static row => row.Outcome.HasPassed);
        int skipped = rows.Count(static row => row.Outcome.IsSkipped);
        return $"{passed} passed, {rows.Count - passed - skipped} failed{(skipped > 0 ? $", {skipped} skipped" : "")}";
    }

    private static string[] Cells(Row row)
    {
        Outcome outcome = row.Outcome;
        string[] names = [row.Case.Area, row.Case.Name, row.Engine];
        if (outcome.IsSkipped) return [.. names, .. Enumerable.Repeat("", 10), "skipped: " + outcome.Skipped];
        return
        [
            .. names, string.Create(CultureInfo.InvariantCulture, $"{outcome.Count:N0} {row.Case.Unit}"), Number(outcome.Lost),
            Number(outcome.Doubled), Number(outcome.Reordered), Number(outcome.Hung), Number(outcome.LetIn), Number(outcome.Crashed),
            $"{outcome.Before?.Memory} → {outcome.After?.Memory}", $"{outcome.Before?.Descriptors} → {outcome.After?.Descriptors}",
            Number((long)outcome.Seconds), (outcome.HasPassed ? "" : "FAILED; ") + outcome.Note,
        ];
    }

    private static bool IsNumber(int column) => column is > 2 and < 13;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
