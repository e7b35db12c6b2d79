using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary><see cref="IOEvents"/> in the bits of those below, and back.</summary>
internal static class EventConversions
{
    // ZeroMQ's, in ZMQ_EVENTS and zmq_pollitem_t; NetMQ's PollEvents have the same.
    private const int ZMQ_POLLIN = 1;
    private const int ZMQ_POLLOUT = 2;
    private const int ZMQ_POLLERR = 4;

    public static int ToZeroMQ(this IOEvents events) =>
        ((events & IOEvents.Read) != 0 ? ZMQ_POLLIN : 0) | ((events & IOEvents.Write) != 0 ? ZMQ_POLLOUT : 0);

    public static IOEvents FromZeroMQ(int bits) =>
        ((bits & ZMQ_POLLIN) != 0 ? IOEvents.Read : 0)
            | ((bits & ZMQ_POLLOUT) != 0 ? IOEvents.Write : 0)
            | ((bits & ZMQ_POLLERR) != 0 ? IOEvents.Error : 0);

    // The values of IOEvents are epoll's own, as tornado's and pyzmq's are.
    public static uint ToEpoll(this IOEvents events) => (uint)(events & (IOEvents.Read | IOEvents.Write));

    public static IOEvents FromEpoll(uint bits) =>
        (IOEvents)(bits & (Linux.EPOLLIN | Linux.EPOLLOUT | Linux.EPOLLERR | Linux.EPOLLHUP));
}
