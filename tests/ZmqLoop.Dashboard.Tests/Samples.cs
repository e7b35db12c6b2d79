namespace ZmqLoop.Dashboard.Tests;

/// <summary>A loop, a stream and a proxy with which nothing is wrong.</summary>
internal static class Samples
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 1, 3, 0, 0, TimeSpan.Zero);

    public static LoopSnapshot Loop { get; } = new()
    {
        Id = 1, Name = "ingest", Engine = "NetMQ 4.0.4.5", IsRunning = true, AgeSeconds = 100, Turns = 5, TurnsPerSecond = 10,
        LagSeconds = 0.001, Busy = 0.1, Callbacks = 0, Timers = 0, NextTimerSeconds = null, Sources = 1, Scopes = 0, Streams = 1,
        Current = null, Busiest = null, Slowest = null, Blocks = [], TurnsHistory = [], LagHistory = [],
    };

    public static WindowSnapshot Recent { get; } = new()
    {
        Seconds = 60, Received = 0, Sent = 0, Dropped = 0, Refused = 0, Unroutable = 0, Oversized = 0, Connects = 0, Disconnects = 0,
        Retries = 0, HandshakeFailures = 0,
    };

    public static StreamSnapshot Stream { get; } = new()
    {
        Id = 7, Name = "orders", Loop = 1, Type = "ROUTER", Socket = "ROUTER socket", AgeSeconds = 100, IsReceiving = true,
        Counters = new StreamCounters { Received = 1, Sent = 1 }, ReceivedBytes = 1, ReceivedPerSecond = 1, IdleSeconds = 1,
        SentBytes = 1, SentPerSecond = 1, Queued = 0,
        QueuedBytes = 0, QueueLimit = null, MostQueued = 0, IsHeldUp = false, PeersWithoutRoom = 0,
        Dropped = new DroppedSnapshot(0, 0, 0, 0), DroppedPerSecond = 0, Handlers = 0, MaxConcurrency = 2,
        OldestHandler = null, OldestHandlerSeconds = null, HandlerWarningSeconds = 10, Connections = null, Recent = Recent,
    };

    public static ProxySnapshot Proxy { get; } = new()
    {
        Id = 9, Name = "broker", Loop = 1, Frontend = "ROUTER", Backend = "DEALER", IsPaused = false, IsHeldUp = false,
        HeldUpSeconds = null, MessagesIn = 0, MessagesOut = 0, InPerSecond = 0, OutPerSecond = 0, CaptureDropped = 0, Unroutable = 0,
        Oversized = 0, InHistory = [], OutHistory = [],
    };
}
