using System.Text.Json.Nodes;
using Spectre.Console;

namespace ZmqLoop.Tool.Top;

/// <summary>Things of one kind in a snapshot, a row each: in a narrow terminal only with the columns that matter most.</summary>
/// <param name="columns">Those that are no figures are folded where they have no room.</param>
internal sealed class SnapshotTable(params SnapshotTable.Column[] columns)
{
    private const int Roomy = 70; // from this width on names are cut and not folded

    /// <param name="things">What it is of.</param>
    /// <param name="width">The terminal's, in characters.</param>
    public Table Of(IEnumerable<JsonNode?> things, int width)
    {
        Column[] shown = [.. columns.Where(column => column.From <= width)];
        Table table = new() { Border = TableBorder.Simple };
        foreach (Column column in shown)
            table.AddColumn(new TableColumn(new Text(column.Name)) { NoWrap = column.IsFigure || (width >= Roomy && column == shown[0]) });
        foreach (JsonNode? thing in things)
        {
            table.AddRow([.. shown.Select(column =>
                new Text(column == shown[0] && width >= Roomy ? Cut(column.Cell(thing), width / 4) : column.Cell(thing)))]);
        }

        return table;
    }

    private static string Cut(string name, int length) => name.Length <= length ? name : name[..(length - 1)] + "…";

    /// <param name="Name">Above it.</param>
    /// <param name="From">In terminals of this width and more.</param>
    /// <param name="IsFigure">Whether it is short, and stands in one line.</param>
    /// <param name="Cell">What it says of a thing.</param>
    internal sealed record Column(string Name, int From, bool IsFigure, Func<JsonNode?, string> Cell);
}
