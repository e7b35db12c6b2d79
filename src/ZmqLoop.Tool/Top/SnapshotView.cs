using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Top;

/// <summary>A snapshot, for a terminal: what is wrong first.</summary>
internal static class SnapshotView
{
    public static IRenderable Of(JsonObject snapshot)
    {
        JsonNode process = snapshot["process"]!;
        JsonNode totals = snapshot["totals"]!;
        List<IRenderable> rows =
        [
            Plain($"{Name(process["name"])} ({Name(process["id"])}) on {Name(process["machine"])}, up {Seconds(process["uptimeSeconds"])}, "
                + $"{Units.Bytes((double?)process["memoryBytes"] ?? 0)}: {Number(totals["receivedPerSecond"])} received/s, "
                + $"{Number(totals["sentPerSecond"])} sent/s, {Number(totals["queued"])} queued, {Number(totals["handlers"])} handlers, "
                + $"{Number(totals["dropped"])} dropped"),
        ];
        foreach (JsonNode? finding in Items(snapshot, "findings"))
        {
            string text = $"{Name(finding!["severity"])}: {Name(finding["title"]).TrimEnd('.')}. {Name(finding["action"])}";
            rows.Add(new Text(Shown(text), new Style(Name(finding["severity"]) == "critical" ? Color.Red : Color.Yellow)));
        }

        rows.Add(Loops(snapshot));
        rows.Add(Streams(snapshot));
        if ((int?)snapshot["peerCount"] > 0) rows.Add(Peers(snapshot));
        return new Rows(rows);
    }

    private static Table Loops(JsonObject snapshot)
    {
        Table table = Make("loop", "turns/s", "lag", "busy", "callbacks", "timers", "runs now");
        foreach (JsonNode? loop in Items(snapshot, "loops"))
        {
            JsonNode? current = loop!["current"];
            string runs = current is null ? "" : $"{Name(current["callback"])} for {Seconds(current["seconds"])}";
            Add(table, Name(loop["title"]), Number(loop["turnsPerSecond"]), Seconds(loop["lagSeconds"]), $"{(double?)loop["busy"] ?? 0:0%}",
                Number(loop["callbacks"]), Number(loop["timers"]), runs);
        }

        return table;
    }

    private static Table Streams(JsonObject snapshot)
    {
        Table table = Make("stream", "type", "in/s", "out/s", "queued", "dropped", "handlers", "oldest", "open");
        foreach (JsonNode? stream in Items(snapshot, "streams"))
            Add(table, Name(stream!["title"]), Name(stream["type"]), Number(stream["receivedPerSecond"]), Number(stream["sentPerSecond"]),
                Number(stream["queued"]), Number(stream["dropped"]?["total"]), Number(stream["handlers"]),
                Seconds(stream["oldestHandlerSeconds"]), Number(stream["connections"]?["open"]));
        return table;
    }

    private static Table Peers(JsonObject snapshot)
    {
        Table table = Make("peer", "of", "since");
        foreach (JsonNode? peer in Items(snapshot, "peers").Take(10))
            Add(table, Name(peer!["endpoint"]), Name(peer["owner"]), Name(peer["since"]));
        return table;
    }

    private static JsonArray Items(JsonObject snapshot, string name) => snapshot[name] as JsonArray ?? [];

    private static Table Make(params string[] columns)
    {
        Table table = new() { Border = TableBorder.Simple };
        foreach (string column in columns) table.AddColumn(column);
        return table;
    }

    private static void Add(Table table, params string[] cells) => table.AddRow([.. cells.Select(Plain)]);

    /// <summary>What a service calls its things is its own: neither markup nor what a terminal obeys.</summary>
    private static Text Plain(string text) => new(Shown(text));

    private static string Shown(string text) => PrintableText.Of(text);

    private static string Name(JsonNode? node) => node?.ToString() ?? "";

    private static string Number(JsonNode? node) => node is null ? "" : Units.Count((long)Math.Round(node.GetValue<double>()));

    private static string Seconds(JsonNode? node) => node is null ? "" : Units.Seconds(node.GetValue<double>());
}
