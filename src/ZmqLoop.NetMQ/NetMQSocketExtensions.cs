using NetMQ;

namespace ZmqLoop;

/// <summary>NetMQ's sockets, and whatever else can be polled there, on our loop: no rewriting.</summary>
public static class NetMQSocketExtensions
{
    /// <summary>The socket as ours: for a <c>ZMQStream</c>, <see cref="IOLoop.AddHandler"/>, or a <see cref="ZMQPoller"/>. The same object
    /// every time.</summary>
    /// <param name="source">A NetMQ socket, or what stands for one, such as a <see cref="NetMQQueue{T}"/> or a
    /// <see cref="NetMQActor"/>.</param>
    /// <remarks>It may still be used as before, on the loop's thread: no message is missed. Closing either closes both. Its options stay,
    /// the linger of zero that NetMQ begins with included; only <c>MaxMsgSize</c>, where it is -1, becomes
    /// <see cref="NetMQEngineOptions.MaxMessageSize"/>. The engine whose options count is that of the thread's loop, else of the
    /// process-wide loop, else one with the usual options.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    /// <exception cref="ZMQException">It has CURVE options, and no <see cref="NetMQEngineOptions.AllowUnenforcedCurve"/>.</exception>
    public static NetMQSocketAdapter AsZMQSocket(this ISocketPollable source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(source.IsDisposed, source);
        return NetMQSocketAdapter.Of(source.Socket);
    }

    /// <inheritdoc cref="AsZMQSocket(ISocketPollable)" path="/*[not(@name='source' or @name='engine')]"/>
    /// <param name="source">A NetMQ socket, or what stands for one.</param>
    /// <param name="engine">Its options count, unless the socket was adopted before.</param>
    public static NetMQSocketAdapter AsZMQSocket(this ISocketPollable source, NetMQEngine engine)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(engine);
        ObjectDisposedException.ThrowIf(source.IsDisposed, source);
        return NetMQSocketAdapter.Of(source.Socket, engine);
    }

    /// <summary>As for the loop that is going to watch it.</summary>
    internal static NetMQSocketAdapter AsZMQSocket(this ISocketPollable source, IOLoop loop) =>
        NetMQEngine.EngineOf(loop) is { } engine ? source.AsZMQSocket(engine) : source.AsZMQSocket();
}
