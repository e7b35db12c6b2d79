using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using Spectre.Console.Rendering;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Top;

/// <summary>A snapshot, for a terminal: what is wrong first. Whatever a member is that should be another thing is left out.</summary>
internal static class SnapshotView
{
    private const int MostPeers = 10;
    private const int LongestName = 300; // so that one name does not fill the screen

    private static readonly string[] _losses = ["unroutable", "oversized", "captureDropped"];

    private static readonly SnapshotTable _loops = new(
        new("loop", 0, false, static loop => Name(loop, "title")),
        Figure("turns/s", 60, "turnsPerSecond"),
        new("lag", 0, true, static loop => Seconds(At(loop, "lagSeconds"))),
        new("busy", 50, true, static loop => string.Create(CultureInfo.InvariantCulture, $"{Value(At(loop, "busy")) ?? 0:0%}")),
        Figure("callbacks", 80, "callbacks"),
        Figure("timers", 80, "timers"),
        new("runs now", 0, false, static loop => At(loop, "current") is JsonObject current
            ? $"{Name(current, "callback")} for {Seconds(At(current, "seconds"))}" : ""));

    private static readonly SnapshotTable _streams = new(
        new("stream", 0, false, static stream => Name(stream, "title")),
        new("type", 70, true, static stream => Name(stream, "type")),
        Figure("in/s", 0, "receivedPerSecond"),
        Figure("out/s", 0, "sentPerSecond"),
        Figure("queued", 0, "queued"),
        new("dropped", 60, true, static stream => Number(At(At(stream, "dropped"), "total"))),
        Figure("handlers", 100, "handlers"),
        new("oldest", 50, true, static stream => Seconds(At(stream, "oldestHandlerSeconds"))),
        new("asked", 90, true, static stream => Number(At(At(stream, "requests"), "inFlight"))),
        new("open", 80, true, static stream => Number(At(At(stream, "connections"), "open"))));

    private static readonly SnapshotTable _proxies = new(
        new("proxy", 0, false, static proxy => Name(proxy, "title")),
        Figure("in/s", 0, "inPerSecond"),
        Figure("out/s", 0, "outPerSecond"),
        new("state", 50, false, static proxy => Is(proxy, "isPaused") ? "paused"
            : Is(proxy, "isHeldUp") ? $"held up for {Seconds(At(proxy, "heldUpSeconds"))}" : "forwards"),
        new("lost", 0, true, static proxy => Units.Count((long)_losses.Sum(loss => Value(At(proxy, loss)) ?? 0))));

    private static readonly SnapshotTable _peers = new(
        new("peer", 0, false, static peer => Name(peer, "endpoint")),
        new("of", 50, false, static peer => Name(peer, "owner")),
        new("for", 0, true, static peer => Age(peer)));

    /// <param name="snapshot">An object, whatever is in it.</param>
    /// <param name="width">The terminal's, in characters.</param>
    public static IRenderable Of(JsonObject snapshot, int width)
    {
        JsonNode? process = At(snapshot, "process");
        JsonNode? totals = At(snapshot, "totals");
        List<IRenderable> rows =
        [
            new Text($"{Name(process, "name")} ({Name(process, "id")}) on {Name(process, "machine")}, "
                + $"up {Seconds(At(process, "uptimeSeconds"))}, {Units.Bytes(Value(At(process, "memoryBytes")) ?? 0)}: "
                + $"{Number(At(totals, "receivedPerSecond"))} received/s, {Number(At(totals, "sentPerSecond"))} sent/s, "
                + $"{Number(At(totals, "queued"))} queued, {Number(At(totals, "handlers"))} handlers, "
                + $"{Number(At(totals, "dropped"))} dropped"),
        ];
        foreach (JsonNode? finding in Items(snapshot, "findings"))
        {
            string severity = Name(finding, "severity");
            rows.Add(new Text($"{severity}: {Name(finding, "title").TrimEnd('.')}. {Name(finding, "action")} "
                + $"[{Name(finding, "rule")}]",
                new Style(severity == "critical" ? Color.Red : Color.Yellow)));
        }

        rows.AddRange(More(snapshot, "findings", "findingCount"));
        if (Name(snapshot, "note") is { Length: > 0 } note) rows.Add(new Text(note, new Style(Color.Grey)));
        rows.Add(_loops.Of(Items(snapshot, "loops"), width));
        rows.Add(_streams.Of(Items(snapshot, "streams"), width));
        rows.AddRange(More(snapshot, "streams", "streamCount"));
        if (Items(snapshot, "proxies") is { Count: > 0 } proxies) rows.Add(_proxies.Of(proxies, width));
        if (Items(snapshot, "peers") is { Count: > 0 } peers)
        {
            rows.Add(_peers.Of(peers.Take(MostPeers), width));
            rows.AddRange(More(snapshot, "peers", "peerCount", MostPeers));
        }

        return new Rows(rows);
    }

    private static SnapshotTable.Column Figure(string name, int from, string member) =>
        new(name, from, true, thing => Number(At(thing, member)));

    /// <summary>How many there are beside those that are shown.</summary>
    private static IEnumerable<Text> More(JsonObject snapshot, string list, string count, int most = int.MaxValue)
    {
        long left = (long)(Value(At(snapshot, count)) ?? 0) - Math.Min(Items(snapshot, list).Count, most);
        if (left > 0) yield return new Text($"and {Units.Count(left)} more {list}", new Style(Color.Grey));
    }

    /// <summary>The connection's, at the time of the snapshot.</summary>
    private static string Age(JsonNode? peer) =>
        Time(peer, "since") is { } since && Time(peer?.Root, "time") is { } now
            ? Units.Seconds(Math.Round((now - since).TotalSeconds)) : "";

    private static DateTimeOffset? Time(JsonNode? node, string member) =>
        DateTimeOffset.TryParse(At(node, member)?.ToString(), CultureInfo.InvariantCulture, out DateTimeOffset time) ? time : null;

    private static JsonNode? At(JsonNode? node, string member) => (node as JsonObject)?[member];

    private static JsonArray Items(JsonObject snapshot, string member) => snapshot[member] as JsonArray ?? [];

    /// <summary>What a service calls its things is its own: neither markup nor what a terminal obeys.</summary>
    private static string Name(JsonNode? node, string member)
    {
        string name = At(node, member)?.ToString() ?? "";
        return PrintableText.Of(name.Length <= LongestName ? name : name[..LongestName] + "…");
    }

    private static double? Value(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static bool Is(JsonNode? node, string member) => At(node, member) is JsonValue value && value.TryGetValue(out bool set) && set;

    private static string Number(JsonNode? node) => Value(node) is { } number ? Units.Count((long)Math.Round(number)) : "";

    private static string Seconds(JsonNode? node) => Value(node) is { } seconds ? Units.Seconds(seconds) : "";
}
