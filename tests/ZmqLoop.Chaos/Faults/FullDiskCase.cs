using Microsoft.Extensions.Logging;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>A log that cannot be written any more: the disk is full (<c>/dev/full</c>), and the log says so by throwing. Loops, streams,
/// proxies and publishers of logs go on.</summary>
internal static class FullDiskCase
{
    public static Task Run(Arena arena)
    {
        if (!File.Exists("/dev/full"))
        {
            arena.Result.Skipped = "there is no /dev/full";
            return Task.CompletedTask;
        }

        using ZMQEngine engine = arena.CreateEngine();
        using FullDiskLog log = new();
        using LoopHost host = new(engine, ownsEngine: false, new IOLoopOptions { LoggerFactory = log });
        ZMQStream server = host.Open(SocketType.Router, static stream => stream.OnRecv(message =>
        {
            stream.Send(message);
            throw new InvalidTimeZoneException("reported to a log that is full");
        }));
        string endpoint = $"tcp://127.0.0.1:{host.Do(() => server.BindToRandomPort("tcp://127.0.0.1"))}";
        using PersistentClient client = new(engine, endpoint, repeat: 2);
        client.IsAnswered();
        arena.BeginMeasuring();
        long rounds = 0;
        while (arena.GoesOn(rounds))
        {
            host.Loop.AddCallback(static () => throw new InvalidTimeZoneException("of a callback"));
            if (!client.IsAnswered())
            {
                arena.Result.Hung++;
                arena.Fail("Where the log is full, nobody is served.");
                break;
            }

            rounds++;
        }

        client.Stop();
        arena.Result.Count = rounds;
        client.Conclude(arena.Result);
        arena.EndMeasuring();
        arena.Result.Note += $"{log.Refused} lines could not be written";
        if (log.Refused == 0) arena.Fail("The log was not used.");
        return Task.CompletedTask;
    }

    private sealed class FullDiskLog : ILoggerFactory, ILogger
    {
        private readonly FileStream _full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        private long _refused;

        public long Refused => Interlocked.Read(ref _refused);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                _full.Write(System.Text.Encoding.UTF8.GetBytes(formatter(state, exception)));
            }
            catch (IOException)
            {
                Interlocked.Increment(ref _refused);
                throw;
            }
        }

        public void Dispose()
        {
            try
            {
                _full.Dispose();
            }
            catch (IOException)
            {
                // It is full.
            }
        }
    }
}
