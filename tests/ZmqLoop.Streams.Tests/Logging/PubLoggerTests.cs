using Microsoft.Extensions.Logging;

namespace ZmqLoop.Streams.Tests;

/// <summary>With the rows of pyzmq's test_log.</summary>
public sealed class PubLoggerTests
{
    private static readonly Func<string, Exception?, string> _asIs = static (text, _) => text;

    [Theory]
    [InlineData(LogLevel.Trace, "zmq.TRACE.Some.Category", "TRACE Some.Category - héllo\n")]
    [InlineData(LogLevel.Debug, "zmq.DEBUG.Some.Category", "DEBUG Some.Category - héllo\n")]
    [InlineData(LogLevel.Information, "zmq.INFO.Some.Category", "héllo\n")]
    [InlineData(LogLevel.Warning, "zmq.WARNING.Some.Category", "WARNING Some.Category - héllo\n")]
    [InlineData(LogLevel.Error, "zmq.ERROR.Some.Category", "ERROR Some.Category - héllo\n")]
    [InlineData(LogLevel.Critical, "zmq.CRITICAL.Some.Category", "CRITICAL Some.Category - héllo\n")]
    public void An_entry_becomes_a_topic_and_a_text(LogLevel level, string topic, string text)
    {
        using LogWorld world = new(new PubLoggerOptions { RootTopic = "zmq" });
        world.Logger("Some.Category").Log(level, "héllo");
        world.Run();
        Assert.Equal([$"{topic}|{text}"], world.Socket.Outbox);
        Assert.Equal((1, 0), (world.Provider.Published, world.Provider.Dropped));
    }

    [Fact]
    public void Without_a_root_topic_and_a_category_the_topic_is_the_level()
    {
        using LogWorld world = new(new PubLoggerOptions { CategoryInTopic = false });
        world.Logger("x").Log(LogLevel.Information, "1");
        world.Run();
        Assert.Equal(["INFO|1\n"], world.Socket.Outbox);
    }

    [Fact]
    public void Formatters_are_for_all_levels_or_for_one()
    {
        using LogWorld world = new(new PubLoggerOptions
        {
            Formatter = static entry => $"{entry.EventId.Id} {entry.Message}",
            Formatters = new Dictionary<LogLevel, Func<PubLogEntry, string>> { [LogLevel.Debug] =
                static entry => $"{entry.Category}: {entry.Message}" },
        });
        world.Logger("c").Log(LogLevel.Information, new EventId(7), "info", null, _asIs);
        world.Logger("c").Log(LogLevel.Debug, new EventId(7), "debug", null, _asIs);
        world.Run();
        Assert.Equal(["INFO.c|7 info", "DEBUG.c|c: debug"], world.Socket.Outbox);
    }

    [Fact]
    public void An_exception_follows_the_message_and_scopes_go_before_it_where_asked_for()
    {
        using LogWorld world = new(new PubLoggerOptions { IncludeScopes = true });
        world.Provider.SetScopeProvider(new LoggerExternalScopeProvider());
        ILogger logger = world.Logger("c");
        using (logger.BeginScope("request 1"))
        using (logger.BeginScope("step 2"))
        {
            logger.Log(LogLevel.Information, default, "done", null, _asIs);
        }

        logger.Log(LogLevel.Error, default, "failed", new InvalidOperationException("oops"), _asIs);
        world.Run();
        Assert.Equal(["INFO.c|=> request 1 => step 2 done\n", "ERROR.c|ERROR c - failed\nSystem.InvalidOperationException: oops\n"],
            world.Socket.Outbox);
    }

    [Fact]
    public void Levels_below_the_minimum_and_none_are_not_published()
    {
        using LogWorld world = new(new PubLoggerOptions { MinimumLevel = LogLevel.Warning });
        ILogger logger = world.Logger("c");
        Assert.False(logger.IsEnabled(LogLevel.Information));
        Assert.False(logger.IsEnabled(LogLevel.None));
        Assert.True(logger.IsEnabled(LogLevel.Warning));
        logger.Log(LogLevel.Information, "1");
        logger.Log(LogLevel.None, "2");
        world.Run();
        Assert.Empty(world.Socket.Outbox);
        Assert.Equal((0, 0), (world.Provider.Published, world.Provider.Dropped));
    }

    [Fact]
    public void More_than_the_limit_is_dropped_and_counted_and_there_is_room_again_afterwards()
    {
        using LogWorld world = new(new PubLoggerOptions { QueueLimit = 3 });
        ILogger logger = world.Logger("c");
        for (int i = 0; i < 5; i++) logger.Log(LogLevel.Information, default, $"{i}", null, _asIs);
        Assert.Equal(2, world.Provider.Dropped);
        world.Run();
        logger.Log(LogLevel.Information, "5");
        world.Run();
        Assert.Equal(["INFO.c|0\n", "INFO.c|1\n", "INFO.c|2\n", "INFO.c|5\n"], world.Socket.Outbox);
        Assert.Equal((4, 2), (world.Provider.Published, world.Provider.Dropped));
    }

    [Fact]
    public void Whoever_logs_hears_nothing_of_a_formatter_that_throws_or_logs_itself()
    {
        ILogger? logger = null;
        using LogWorld world = new(new PubLoggerOptions
        {
            Formatter = entry =>
            {
                logger!.Log(LogLevel.Information, "from within");
                return entry.Message == "throw" ? throw StreamWorld.Oops : entry.Message;
            },
        });
        logger = world.Logger("c");
        logger.Log(LogLevel.Information, "1");
        logger.Log(LogLevel.Information, "throw");
        logger.Log(LogLevel.Information, default, "x", null, static (_, _) => throw StreamWorld.Oops);
        logger.Log(LogLevel.Information, "2");
        world.Run();
        Assert.Equal(["INFO.c|1", "INFO.c|2"], world.Socket.Outbox);
        Assert.Equal(5, world.Provider.Dropped); // two that threw, and three from within
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void What_the_socket_refuses_is_counted_and_logs_nothing_in_turn()
    {
        using LogWorld world = new();
        world.Loop.OnError = _ => world.Logger("errors").Log(LogLevel.Error, "an error was reported"); // as a loop does that logs here
        world.Socket.FailSend(1, StreamWorld.Oops);
        world.Logger("c").Log(LogLevel.Information, "1");
        world.Logger("c").Log(LogLevel.Information, "2");
        world.Run();
        Assert.Equal(["INFO.c|2\n"], world.Socket.Outbox);
        Assert.Equal((1, 1), (world.Provider.Published, world.Provider.Dropped));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Logging_on_a_closed_loop_or_a_disposed_provider_is_dropped_and_counted()
    {
        using LogWorld world = new();
        ILogger logger = world.Logger("c");
        logger.Log(LogLevel.Information, "waits");
        world.Loop.Close();
        logger.Log(LogLevel.Information, "too late");
        Assert.Equal(1, world.Provider.Dropped);
        world.Socket.Room = 0;
        world.Provider.Dispose();
        world.Provider.Dispose();
        logger.Log(LogLevel.Information, "later still");
        Assert.Equal((0, 3), (world.Provider.Published, world.Provider.Dropped));
        Assert.True(world.Socket.IsClosed);
    }

    [Fact]
    public void Disposing_publishes_what_waits()
    {
        using LogWorld world = new();
        world.Logger("c").Log(LogLevel.Information, "1");
        world.Loop.AddCallback(() =>
        {
            world.Logger("c").Log(LogLevel.Information, "2");
            world.Provider.Dispose();
        });
        world.Run();
        Assert.Equal(["INFO.c|1\n", "INFO.c|2\n"], world.Socket.Outbox);
        Assert.True(world.Socket.IsClosed);
    }

    [Fact]
    public void Logging_inside_a_context_takes_nothing_of_it_along()
    {
        using LogWorld world = new();
        int entered = 0;
        new StackContext(() =>
        {
            entered++;
            return (IDisposable?)null;
        }).Run(() => world.Logger("c").Log(LogLevel.Information, "1"));
        world.Run();
        Assert.Equal(1, entered);
        Assert.Equal(["INFO.c|1\n"], world.Socket.Outbox);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket push = new(SocketType.Push);
        using ScriptedSocket pub = new(SocketType.Pub);
        Assert.Throws<ArgumentException>(() => new PubLoggerProvider(push, loop));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PubLoggerProvider(pub, loop, new PubLoggerOptions { QueueLimit = 0 }));
        Assert.Throws<ArgumentNullException>(() => new PubLoggerProvider((ZMQSocket)null!, loop));
        Assert.Throws<InvalidOperationException>(() => new PubLoggerProvider(pub));
    }

    private sealed class LogWorld : IDisposable
    {
        public LogWorld(PubLoggerOptions? options = null) => Provider = new PubLoggerProvider(Socket, Loop, options);

        public ScriptedLoop Loop { get; } = new();

        public ScriptedSocket Socket { get; } = new(SocketType.Pub);

        public PubLoggerProvider Provider { get; }

        public ILogger Logger(string category) => Provider.CreateLogger(category);

        public void Run() => Loop.RunUntilIdle();

        public void Dispose()
        {
            Provider.Dispose();
            Loop.Dispose();
        }
    }
}
