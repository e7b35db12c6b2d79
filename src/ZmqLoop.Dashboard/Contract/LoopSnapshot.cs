namespace ZmqLoop.Dashboard;

/// <summary>A loop.</summary>
internal sealed record LoopSnapshot
{
    /// <summary>The same as long as the loop lives.</summary>
    public required long Id { get; init; }

    public required string? Name { get; init; }

    /// <summary>What is known of it by its name, or its number.</summary>
    public string Title => Name ?? $"loop {Id}";

    public required string? Engine { get; init; }

    public required bool IsRunning { get; init; }

    public required double AgeSeconds { get; init; }

    public required long Turns { get; init; }

    public required double? TurnsPerSecond { get; init; }

    /// <summary>How late a timer was, at worst, in the last seconds, or is.</summary>
    public required double LagSeconds { get; init; }

    /// <summary>In how many of the looks of the last seconds it ran something, from 0 to 1.</summary>
    public required double? Busy { get; init; }

    public required int Callbacks { get; init; }

    public required int Timers { get; init; }

    public required double? NextTimerSeconds { get; init; }

    public required int Sources { get; init; }

    public required int Scopes { get; init; }

    public required int Streams { get; init; }

    /// <summary>What it runs now; null where it waits, or that changes too quickly.</summary>
    public required CallbackSnapshot? Current { get; init; }

    /// <summary>What the looks of the last seconds found most often, and for how long it was seen at a time; null where nothing
    /// was.</summary>
    public required CallbackSnapshot? Busiest { get; init; }

    /// <summary>What those looks found running for longest; null where nothing was.</summary>
    public required CallbackSnapshot? Slowest { get; init; }

    /// <summary>The last callbacks that blocked it, the latest first.</summary>
    public required IReadOnlyList<BlockSnapshot> Blocks { get; init; }

    public required IReadOnlyList<double> TurnsHistory { get; init; }

    public required IReadOnlyList<double> LagHistory { get; init; }
}
