using NetMQ;

namespace ZmqLoop;

/// <summary>Handlers of NetMQ's sockets on a loop, and the loop as NetMQ's code knows one.</summary>
public static class NetMQLoopExtensions
{
    /// <summary>As <see cref="IOLoop.AddHandler"/>, for a NetMQ socket or what stands for one.</summary>
    /// <inheritdoc cref="IOLoop.AddHandler"/>
    public static void AddHandler(this IOLoop loop, ISocketPollable source, IOHandler handler, IOEvents events, int priority = 0)
    {
        ArgumentNullException.ThrowIfNull(loop);
        loop.AddHandler(source.AsZMQSocket(loop), handler, events, priority);
    }

    /// <summary>As <see cref="IOLoop.UpdateHandler"/>.</summary>
    /// <inheritdoc cref="IOLoop.UpdateHandler"/>
    public static void UpdateHandler(this IOLoop loop, ISocketPollable source, IOEvents events)
    {
        ArgumentNullException.ThrowIfNull(loop);
        loop.UpdateHandler(source.AsZMQSocket(loop), events);
    }

    /// <summary>As <see cref="IOLoop.RemoveHandler"/>; of a disposed socket too.</summary>
    public static void RemoveHandler(this IOLoop loop, ISocketPollable source)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(source);
        if (NetMQSocketAdapter.Find(source.Socket) is { } socket) loop.RemoveHandler(socket);
    }

    /// <summary>The loop as an <see cref="INetMQPoller"/>, for code that was written for NetMQ's: monitors, proxies, ReceiveReady,
    /// timers.</summary>
    /// <exception cref="NotSupportedException">See <see cref="NetMQLoopPoller(IOLoop)"/>.</exception>
    public static NetMQLoopPoller AsNetMQPoller(this IOLoop loop) => new(loop);
}
