using System.Globalization;
using System.Text.Json.Nodes;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Bench;

/// <summary>What was measured.</summary>
/// <param name="Size">Bytes of a message.</param>
/// <param name="RoundTrips">What each took, in seconds, the shortest first.</param>
/// <param name="Messages">How many were sent in one direction.</param>
/// <param name="Seconds">What they took.</param>
internal sealed record BenchResult(int Size, double[] RoundTrips, long Messages, double Seconds)
{
    private static readonly double[] _shares = [0.5, 0.9, 0.99, 0.999];

    private double Rate => Messages > 1 && Seconds > 0 ? (Messages - 1) / Seconds : 0; // between the first and the last

    public string ToText()
    {
        string size = $"of {Units.Count(Size)} bytes";
        string latency = string.Join(", ", _shares.Select(share => $"p{NameOf(share)} {Units.Seconds(At(share))}"));
        return (RoundTrips.Length == 0 ? "" : $"latency: {Units.Count(RoundTrips.Length)} round trips {size}: {latency}, "
                + $"max {Units.Seconds(RoundTrips[^1])}\n")
            + (Messages == 0 ? "" : $"rate: {Units.Count(Messages)} messages {size} in {Units.Seconds(Seconds)}: "
                + $"{Units.Count((long)Rate)}/s, {Units.Bytes(Rate * Size)}/s\n");
    }

    public string ToJson()
    {
        JsonObject latency = new() { ["count"] = RoundTrips.Length };
        foreach (double share in _shares) latency["p" + NameOf(share)] = RoundTrips.Length == 0 ? null : At(share);
        latency["max"] = RoundTrips.Length == 0 ? null : RoundTrips[^1];
        return new JsonObject
        {
            ["size"] = Size,
            ["latency"] = latency,
            ["rate"] = new JsonObject { ["count"] = Messages, ["seconds"] = Seconds, ["perSecond"] = Rate },
        }.ToJsonString() + "\n";
    }

    private double At(double share) => RoundTrips[Math.Min((int)(share * RoundTrips.Length), RoundTrips.Length - 1)];

    private static string NameOf(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture);
}
