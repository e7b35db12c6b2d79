using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams.SocketTests;

/// <summary>A log at the process's end.</summary>
internal sealed class LastLog(Action write) : ILoggerFactory, ILogger
{
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => write();

    public void Dispose()
    {
    }
}
