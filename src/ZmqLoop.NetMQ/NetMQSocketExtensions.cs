using NetMQ;

namespace ZmqLoop;

/// <summary>NetMQ's sockets, and whatever else can be polled there, on our loop: no rewriting.</summary>
public static class NetMQSocketExtensions
{
    /// <summary>The socket as ours: for a <c>ZMQStream</c>, <see cref="IOLoop.AddHandler"/>, or a <see cref="ZMQPoller"/>. The same object every time.</summary>
    /// <param name="source">A NetMQ socket, or what stands for one, such as a <see cref="NetMQQueue{T}"/> or a <see cref="NetMQActor"/>.</param>
    /// <remarks>It may still be used as before, on the loop's thread: no message is missed. Closing either closes both. Its options stay, the linger of zero that NetMQ begins with included.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public static NetMQSocketAdapter AsZMQSocket(this ISocketPollable source)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(source.IsDisposed, source);
        return NetMQSocketAdapter.Of(source.Socket);
    }
}
