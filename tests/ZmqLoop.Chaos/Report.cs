using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace ZmqLoop.Chaos;

/// <summary>What a run came to, as a table.</summary>
internal sealed class Report(Options options, IReadOnlyList<Row> rows, string command)
{
    private const int LongestFailure = 100;

    private static readonly string[] _heads =
    [
        "area", "case", "engine", "how often", "lost", "doubled", "reordered", "hung", "let in", "crashed", "memory", "descriptors",
        "seconds", "",
    ];

    private static readonly string? _commit = Environment.GetEnvironmentVariable("ZMQLOOP_COMMIT");

    /// <summary>For people who watch: the table, what failed, and the closing line.</summary>
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
        yield return Closing();
    }

    /// <summary>One line of a case that has ended.</summary>
    public static string Summary(Outcome outcome, ChaosCase one) => outcome.IsSkipped ? $"skipped: {outcome.Skipped}"
        : string.Create(CultureInfo.InvariantCulture,
            $"{(outcome.HasPassed ? "passed" : "FAILED")}: {outcome.Count:N0} {one.Unit} in {outcome.Seconds:F0} s; {outcome.Note}");

    /// <summary>For docs/reliability.md.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.AppendLine("# Reliability").AppendLine();
        text.AppendLine("What the last attack came to: strangers, faults, and users at their worst. The command writes this page;");
        text.AppendLine("[chaos.md](chaos.md) says what its cases do.").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"* `{command}`, commit {_commit ?? "unknown"}, seed {options.Seed},");
        text.AppendLine(CultureInfo.InvariantCulture, $"  {options.Minutes} minutes at most for each engine");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"* {DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}");
        text.AppendLine(CultureInfo.InvariantCulture, $"* {Closing()}").AppendLine();
        text.AppendLine("| " + string.Join(" | ", _heads) + " |");
        text.AppendLine("| " + string.Join(" | ", _heads.Select((_, i) => IsNumber(i) ? "---:" : "---")) + " |");
        foreach (Row row in rows) text.AppendLine("| " + string.Join(" | ", Cells(row)) + " |");
        text.AppendLine();
        foreach (Row row in rows.Where(static row => row.Outcome.Failures.Count > 0))
        {
            string first = row.Outcome.Failures[0].Split('\n')[0];
            if (first.Length > LongestFailure) first = first[..LongestFailure] + "…";
            text.AppendLine(CultureInfo.InvariantCulture, $"* failed: {row.Case.FullName} on {row.Engine}: `{first}`");
        }

        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private string Closing()
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
