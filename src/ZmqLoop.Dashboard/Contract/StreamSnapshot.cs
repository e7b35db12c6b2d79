using System.Text.Json.Serialization;

namespace ZmqLoop.Dashboard;

/// <summary>A stream.</summary>
internal sealed record StreamSnapshot
{
    public const string LibraryPrefix = "zmqloop.";

    /// <summary>The same as long as the stream lives.</summary>
    public required long Id { get; init; }

    public required string? Name { get; init; }

    public string Title => Name ?? $"{Type} {Id}";

    /// <summary>It is none of the user's, such as that of a monitor.</summary>
    [JsonIgnore]
    public bool IsOfLibrary => Name?.StartsWith(LibraryPrefix, StringComparison.Ordinal) == true;

    /// <summary>The id of its loop.</summary>
    public required long Loop { get; init; }

    /// <summary>Of its socket, as ZeroMQ writes it: ROUTER.</summary>
    public required string Type { get; init; }

    /// <summary>Its socket, with its endpoints.</summary>
    public required string Socket { get; init; }

    public required double AgeSeconds { get; init; }

    /// <summary>Whether somebody takes its messages.</summary>
    public required bool IsReceiving { get; init; }

    public required long Received { get; init; }

    public required long ReceivedBytes { get; init; }

    public required double? ReceivedPerSecond { get; init; }

    /// <summary>How long ago the last message was received; null where none was.</summary>
    public required double? IdleSeconds { get; init; }

    public required long Sent { get; init; }

    public required long SentBytes { get; init; }

    public required double? SentPerSecond { get; init; }

    /// <summary>What the engine refused.</summary>
    public required long Refused { get; init; }

    public required int Queued { get; init; }

    public required long QueuedBytes { get; init; }

    /// <summary>How many may wait; null for no limit.</summary>
    public required int? QueueLimit { get; init; }

    public required int MostQueued { get; init; }

    /// <summary>What waits cannot go out.</summary>
    public required bool IsHeldUp { get; init; }

    public required int PeersWithoutRoom { get; init; }

    public required DroppedSnapshot Dropped { get; init; }

    public required double? DroppedPerSecond { get; init; }

    public required long Unroutable { get; init; }

    public required long Oversized { get; init; }

    public required int Handlers { get; init; }

    public required int MaxConcurrency { get; init; }

    public required string? OldestHandler { get; init; }

    public required double? OldestHandlerSeconds { get; init; }

    /// <summary>From when on a handler takes long; null for never.</summary>
    public required double? HandlerWarningSeconds { get; init; }

    /// <summary>What its monitor has counted; null where it has none.</summary>
    public required ConnectionSnapshot? Connections { get; init; }

    /// <summary>What happened in the last minute at most; null where it was looked at once.</summary>
    public required WindowSnapshot? Recent { get; init; }

    public IReadOnlyList<double> ReceivedHistory { get; init; } = [];

    public IReadOnlyList<double> SentHistory { get; init; } = [];

    public IReadOnlyList<double> QueuedHistory { get; init; } = [];
}
