using System.Text.Json;

namespace ZmqLoop.Chaos;

/// <summary>What came of one case on one engine.</summary>
internal sealed class Outcome
{
    /// <summary>How often it was tried, in the case's own unit.</summary>
    public long Count { get; set; }

    /// <summary>Messages that never arrived and nobody was told of.</summary>
    public long Lost { get; set; }

    /// <summary>Messages that arrived twice.</summary>
    public long Doubled { get; set; }

    /// <summary>Messages that overtook others.</summary>
    public long Reordered { get; set; }

    /// <summary>Whoever waited for longer than anybody may: a connection, a client, a process.</summary>
    public long Hung { get; set; }

    /// <summary>Who got in, or what was believed, and should not have been.</summary>
    public long LetIn { get; set; }

    /// <summary>Processes that ended and should not have.</summary>
    public long Crashed { get; set; }

    public Footprint? Before { get; set; }

    public Footprint? After { get; set; }

    /// <summary>Why it could not be tried here.</summary>
    public string? Skipped { get; set; }

    /// <summary>What else there is to say, such as the longest that a healthy client waited.</summary>
    public string Note { get; set; } = "";

    /// <summary>What was wrong, a line each, with what repeats it.</summary>
    public List<string> Failures { get; set; } = [];

    /// <summary>How long it took.</summary>
    public double Seconds { get; set; }

    public bool IsSkipped => Skipped is not null;

    public bool HasPassed => !IsSkipped && Failures.Count == 0 && Lost + Doubled + Reordered + Hung + LetIn + Crashed == 0 && Count > 0;

    public string ToJson() => JsonSerializer.Serialize(this);

    public static Outcome FromJson(string json) => JsonSerializer.Deserialize<Outcome>(json)!;
}
