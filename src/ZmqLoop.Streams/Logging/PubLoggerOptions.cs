using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams;

/// <summary>What a <see cref="PubLoggerProvider"/> publishes, and how; fixed when it is made.</summary>
public sealed record PubLoggerOptions
{
    /// <summary>What all topics begin with, before the level; empty for the level alone. <c>root_topic</c>.</summary>
    public string RootTopic { get; init; } = "";

    /// <summary>Whether the logger's category follows the level in the topic, so that one can subscribe to it.</summary>
    public bool CategoryInTopic { get; init; } = true;

    /// <summary>Entries below are not published. <c>setLevel</c>.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Trace;

    /// <summary>Makes the text, on the thread that logs; null for <see cref="PubLogEntry.ToString"/>. What it throws is counted as dropped.
    /// <c>setFormatter(fmt)</c>.</summary>
    public Func<PubLogEntry, string>? Formatter { get; init; }

    /// <summary>Formatters for single levels, instead of <see cref="Formatter"/>. <c>setFormatter(fmt, level)</c>,
    /// <c>formatters</c>.</summary>
    public IReadOnlyDictionary<LogLevel, Func<PubLogEntry, string>> Formatters { get; init; } =
        new Dictionary<LogLevel, Func<PubLogEntry, string>>();

    /// <summary>Whether scopes are put before the message.</summary>
    public bool IncludeScopes { get; init; }

    /// <summary>How many entries may wait for the loop; more are dropped and counted. At least 1.</summary>
    public int QueueLimit { get; init; } = 10_000;

    /// <summary>How long disposing lets the loop go on publishing what waits.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(1);

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(RootTopic);
        ArgumentNullException.ThrowIfNull(Formatters);
        ArgumentOutOfRangeException.ThrowIfUndefined(MinimumLevel);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueLimit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DrainTime, TimeSpan.Zero);
    }
}
