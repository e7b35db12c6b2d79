using System.Net.Sockets;
using System.Runtime.CompilerServices;
using NetMQ;

namespace ZmqLoop.Interop;

/// <summary>The members of NetMQ's sockets that it does not publish, without which only <c>NetMQSelector</c> can wait for a
/// socket.</summary>
internal static class SocketInternals
{
    private const string SocketBase = "NetMQ.Core.SocketBase, NetMQ";

    /// <summary>True if this version of NetMQ has all of them, in the shape that is expected here. Set by tests alone.</summary>
    public static bool AreKnown { get; set; } = MemberLookup.Exists(static () => Core(null!))
        && MemberLookup.Exists(static () => Mailbox(null!))
        && MemberLookup.Exists(static () => HasIn(null!))
        && MemberLookup.Exists(static () => HasOut(null!))
        && MemberLookup.Exists(static () => ProcessCommands(null!, 0, false, default))
        && MemberLookup.Exists(static () => _ = IsStopped(null!))
        && MemberLookup.Exists(static () => _ = IsDestroyed(null!));

    /// <summary>The same of <see cref="MonitoredEvents"/>, without which all else works.</summary>
    public static bool KnowsMonitor { get; } = AreKnown && MemberLookup.Exists(static () => _ = MonitoredEvents(null!));

    /// <summary>What is behind a socket; the others take it.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_SocketHandle")]
    [return: UnsafeAccessorType(SocketBase)]
    public static extern object Core(NetMQSocket socket);

    /// <summary>Readable while there are commands that the socket has not looked at: libzmq's ZMQ_FD.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Handle")]
    public static extern Socket Mailbox([UnsafeAccessorType(SocketBase)] object core);

    /// <summary>Looks into the pipes: no commands, no system call.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern bool HasIn([UnsafeAccessorType(SocketBase)] object core);

    /// <inheritdoc cref="HasIn"/>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern bool HasOut([UnsafeAccessorType(SocketBase)] object core);

    /// <summary>Looks at the commands that have come; throws where one of them was to stop.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void ProcessCommands([UnsafeAccessorType(SocketBase)] object core, int timeout, bool throttle,
        CancellationToken cancellationToken);

    /// <summary>True once the socket has seen that the context was terminated.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_isStopped")]
    public static extern ref bool IsStopped([UnsafeAccessorType(SocketBase)] object core);

    /// <summary>True once a closed socket has sent what it had taken, or its linger is over, and nothing is left of it.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_destroyed")]
    public static extern ref bool IsDestroyed([UnsafeAccessorType(SocketBase)] object core);

    /// <summary>What the socket tells its monitor. The I/O thread looks at it before each event.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_monitorEvents")]
    public static extern ref SocketEvents MonitoredEvents([UnsafeAccessorType(SocketBase)] object core);
}
