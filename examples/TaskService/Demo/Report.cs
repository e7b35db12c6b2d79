using System.Text.Json.Serialization;

namespace TaskService.Demo;

/// <summary>A line of a client process: what it has measured.</summary>
internal sealed record Report
{
    /// <summary><c>progress</c>, <c>vanishing</c>, <c>in_flight</c> or <c>done</c>; a subscriber's <c>ready</c> or <c>done</c>.</summary>
    public required string Event { get; init; }

    public string Client { get; init; } = "";
    public int Sent { get; init; }
    public int Answered { get; init; }
    public int Ok { get; init; }
    public Dictionary<string, int> Errors { get; init; } = [];
    public int Outstanding { get; init; }
    public int Duplicates { get; init; }
    public int Mismatched { get; init; }
    public double First { get; init; }
    public double Last { get; init; }
    public double[] Latencies { get; init; } = [];
    public string[] Notes { get; init; } = [];

    /// <summary>A subscriber's: how many messages of each topic.</summary>
    public Dictionary<string, int> Heard { get; init; } = [];

    public long ServiceDone { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
