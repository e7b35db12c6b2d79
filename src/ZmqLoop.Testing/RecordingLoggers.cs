using Microsoft.Extensions.Logging;

namespace ZmqLoop.Testing;

/// <summary>Keeps what is logged, for <see cref="IOLoopOptions.LoggerFactory"/>. Any thread.</summary>
public sealed class RecordingLoggers : ILoggerFactory
{
    private readonly Lock _gate = new();
    private readonly List<(string Category, LogLevel Level, string Text, Exception? Exception)> _entries = [];

    /// <summary>Called for each entry after it was kept.</summary>
    public Action? OnLog { get; init; }

    /// <summary>What was logged so far, of all levels.</summary>
    public IReadOnlyList<(string Category, LogLevel Level, string Text, Exception? Exception)> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider)
    {
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName)
    {
        ArgumentNullException.ThrowIfNull(categoryName);
        return new RecordingLogger(this, categoryName);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private sealed class RecordingLogger(RecordingLoggers owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (owner._gate) owner._entries.Add((category, logLevel, formatter(state, exception), exception));
            owner.OnLog?.Invoke();
        }
    }
}
