namespace ZmqLoop.Dashboard;

/// <summary>A proxy.</summary>
internal sealed record ProxySnapshot
{
    public required long Id { get; init; }

    public required string? Name { get; init; }

    public string Title => string.IsNullOrWhiteSpace(Name) ? $"proxy {Id}" : Name;

    /// <summary>The id of its loop.</summary>
    public required long Loop { get; init; }

    public required string Frontend { get; init; }

    public required string Backend { get; init; }

    public required bool IsPaused { get; init; }

    /// <summary>It takes nothing from a side, since the other has no room.</summary>
    public required bool IsHeldUp { get; init; }

    /// <summary>For how long it has been so at each look; null where it is not.</summary>
    public required double? HeldUpSeconds { get; init; }

    public required long MessagesIn { get; init; }

    public required long MessagesOut { get; init; }

    public required double? InPerSecond { get; init; }

    public required double? OutPerSecond { get; init; }

    public required long CaptureDropped { get; init; }

    public required long Unroutable { get; init; }

    public required long Oversized { get; init; }

    public required IReadOnlyList<double> InHistory { get; init; }

    public required IReadOnlyList<double> OutHistory { get; init; }
}
