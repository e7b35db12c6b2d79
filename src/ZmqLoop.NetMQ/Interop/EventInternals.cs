using System.Runtime.CompilerServices;
using NetMQ;

namespace ZmqLoop.Interop;

/// <summary>What a poller other than NetMQ's own needs to raise the events of its sockets and timers, and does not get.</summary>
internal static class EventInternals
{
    /// <summary>True if this version of NetMQ has all of them, in the shape that is expected here.</summary>
    public static bool AreKnown { get; } = MemberLookup.Exists(static () => GetPollEvents(null!))
        && MemberLookup.Exists(static () => InvokeEvents(null!, null!, PollEvents.None))
        && MemberLookup.Exists(static () => AddEventsChanged(null!, null!))
        && MemberLookup.Exists(static () => RemoveEventsChanged(null!, null!))
        && MemberLookup.Exists(static () => When(null!))
        && MemberLookup.Exists(static () => InvokeElapsed(null!, null!));

    private static readonly bool _listenersAreKnown = MemberLookup.Exists(static () => _ = Listeners(null!));

    /// <summary>True if one of NetMQ's own pollers has the socket, which listens to its events for as long; false where that cannot be
    /// known.</summary>
    public static bool IsInNetMQPoller(NetMQSocket socket) => _listenersAreKnown && Listeners(socket) is { } listeners
        && listeners.GetInvocationList().Any(static listener => listener.Target is NetMQPoller);

    /// <summary>What the attached handlers wait for.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern PollEvents GetPollEvents(NetMQSocket socket);

    /// <summary>Raises ReceiveReady and SendReady.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void InvokeEvents(NetMQSocket socket, object sender, PollEvents events);

    /// <summary>Raised when a handler was attached or detached.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "add_EventsChanged")]
    public static extern void AddEventsChanged(NetMQSocket socket, EventHandler<NetMQSocketEventArgs> handler);

    /// <inheritdoc cref="AddEventsChanged"/>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "remove_EventsChanged")]
    public static extern void RemoveEventsChanged(NetMQSocket socket, EventHandler<NetMQSocketEventArgs> handler);

    /// <summary>Changes whenever the timer was set anew.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_When")]
    public static extern long When(NetMQTimer timer);

    /// <summary>Raises Elapsed.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void InvokeElapsed(NetMQTimer timer, object sender);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "EventsChanged")]
    private static extern ref EventHandler<NetMQSocketEventArgs>? Listeners(NetMQSocket socket);
}
