using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Porting;

/// <summary>docs/porting-from-pyzmq.md as its tables: what stands in code, in the left column and in the right one.</summary>
internal sealed partial class PortingPage
{
    private PortingPage(IReadOnlyList<PortingRow> rows) => Rows = rows;

    public IReadOnlyList<PortingRow> Rows { get; }

    public static PortingPage Read()
    {
        List<PortingRow> rows = [];
        string section = "";
        foreach (string line in File.ReadLines(Path.Combine(Checkout.Root, "docs", "porting-from-pyzmq.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal)) section = line[3..].Replace("`", "", StringComparison.Ordinal);
            if (!line.StartsWith('|') || line.StartsWith("| ---", StringComparison.Ordinal)) continue;
            string[] cells = line.Split(" | ", 2);
            rows.Add(new PortingRow(section, CodeIn(cells[0]), CodeIn(cells[1])));
        }

        return new PortingPage(rows);
    }

    private static string[] CodeIn(string cell) => [.. Code().Matches(cell).Select(static code => code.Groups[1].Value)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();
}
