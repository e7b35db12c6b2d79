using Microsoft.Extensions.Logging;

namespace ZmqLoop.Testing;

/// <summary>Keeps what is logged. Any thread.</summary>
public sealed class RecordingLoggers : ILoggerFactory
{
    private readonly Lock _gate = new();
    private readonly List<(string Category, LogLevel Level, string Text, Exception? Exception)> _entries = [];

    /// <summary>Called for each entry after it was kept.</summary>
    public Action? OnLog { get; init; }

    public IReadOnlyList<(string Category, LogLevel Level, string Text, Exception? Exception)> Entries
    {
        get
        {
            lock (_gate) return [.. _entries];
        }
    }

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordingLoggers owner, string category) : ILogger
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
