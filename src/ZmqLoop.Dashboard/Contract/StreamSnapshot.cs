using System.Text.Json.Serialization;

namespace ZmqLoop.Dashboard;

/// <summary>A stream. One object for as long as it is watched, which each look brings up to date; who shows it copies it.</summary>
internal sealed record StreamSnapshot
{
    public const string LibraryPrefix = "zmqloop.";

    /// <summary>The same as long as the stream lives.</summary>
    public required long Id { get; init; }

    public required string? Name { get; init; }

    public string Title => string.IsNullOrWhiteSpace(Name) ? $"{Type} {Id}" : Name;

    /// <summary>It is none of the user's, such as that of a monitor.</summary>
    [JsonIgnore]
    public bool IsOfLibrary => Name?.StartsWith(LibraryPrefix, StringComparison.Ordinal) == true;

    /// <summary>The id of its loop.</summary>
    public required long Loop { get; init; }

    /// <summary>Of its socket, as ZeroMQ writes it: ROUTER.</summary>
    public required string Type { get; init; }

    /// <summary>Its socket, with its endpoints; where it is shown.</summary>
    public string Socket { get; init; } = "";

    public double AgeSeconds { get; set; }

    /// <summary>Whether somebody takes its messages.</summary>
    public bool IsReceiving { get; set; }

    public long Received => Counters.Received;

    public long ReceivedBytes { get; set; }

    public double? ReceivedPerSecond { get; set; }

    /// <summary>How long ago the last message was received; null where none was.</summary>
    public double? IdleSeconds { get; set; }

    public long Sent => Counters.Sent;

    public long SentBytes { get; set; }

    public double? SentPerSecond { get; set; }

    /// <summary>What the engine refused.</summary>
    public long Refused => Counters.Refused;

    public int Queued { get; set; }

    public long QueuedBytes { get; set; }

    /// <summary>How many may wait; null for no limit.</summary>
    public required int? QueueLimit { get; init; }

    /// <summary>How many may wait for one peer; null for no limit.</summary>
    public int? PeerQueueLimit { get; init; }

    public int MostQueued { get; set; }

    /// <summary>What waits cannot go out.</summary>
    public bool IsHeldUp { get; set; }

    public int PeersWithoutRoom { get; set; }

    public DroppedSnapshot Dropped { get; set; }

    public double? DroppedPerSecond { get; set; }

    public long Unroutable => Counters.Unroutable;

    public long Oversized => Counters.Oversized;

    public int Handlers { get; set; }

    public required int MaxConcurrency { get; init; }

    public string? OldestHandler { get; set; }

    public double? OldestHandlerSeconds { get; set; }

    /// <summary>From when on a handler takes long; null for never.</summary>
    public required double? HandlerWarningSeconds { get; init; }

    /// <summary>What its monitor has counted; null where it has none.</summary>
    public ConnectionSnapshot? Connections { get; set; }

    /// <summary>Those of its <c>RequestClient</c>, where it is shown; null where it is of none.</summary>
    public RequestSnapshot? Requests { get; init; }

    /// <summary>What happened in the last minute at most; null where it was looked at once.</summary>
    public WindowSnapshot? Recent { get; set; }

    public IReadOnlyList<double> ReceivedHistory { get; init; } = [];

    public IReadOnlyList<double> SentHistory { get; init; } = [];

    public IReadOnlyList<double> QueuedHistory { get; init; } = [];

    [JsonIgnore]
    public StreamCounters Counters { get; set; }

    /// <summary>How busy it is.</summary>
    [JsonIgnore]
    public double PerSecond => (ReceivedPerSecond ?? 0) + (SentPerSecond ?? 0);
}
