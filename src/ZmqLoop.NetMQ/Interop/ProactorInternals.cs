using System.Net.Sockets;
using System.Runtime.CompilerServices;
using AsyncIO;

namespace ZmqLoop.Interop;

/// <summary>The members of NetMQ's I/O threads that it does not publish, without which nobody else can run their loop.</summary>
internal static class ProactorInternals
{
    private const string ZObject = "NetMQ.Core.ZObject, NetMQ";
    private const string Ctx = "NetMQ.Core.Ctx, NetMQ";
    private const string IOThread = "NetMQ.Core.IOThread, NetMQ";
    private const string Mailbox = "NetMQ.Core.IMailbox, NetMQ";
    private const string IOThreadMailbox = "NetMQ.Core.IOThreadMailbox, NetMQ";
    private const string Proactor = "NetMQ.Core.Utils.Proactor, NetMQ";
    private const string PollerBase = "NetMQ.Core.Utils.PollerBase, NetMQ";
    private const string Item = "NetMQ.Core.Utils.Proactor+Item, NetMQ";
    private const string Events = "NetMQ.Core.IProactorEvents, NetMQ";
    private const int MaxIOThreads = 63; // as many as an affinity can name

    /// <summary>True if this version of NetMQ has all of them, in the shape that is expected here. Set by tests alone.</summary>
    public static bool AreKnown { get; set; } = MemberLookup.Exists(static () => ContextOf(null!))
        && MemberLookup.Exists(static () => ChooseIOThread(null!, 0))
        && MemberLookup.Exists(static () => ProactorOf(null!))
        && MemberLookup.Exists(static () => MailboxOf(null!))
        && MemberLookup.Exists(static () => _ = Port(null!))
        && MemberLookup.Exists(static () => _ = IsStopping(null!))
        && MemberLookup.Exists(static () => ExecuteTimers(null!))
        && MemberLookup.Exists(static () => RaiseEvent(null!))
        && MemberLookup.Exists(static () => EventsOf(null!))
        && MemberLookup.Exists(static () => IsCancelled(null!))
        && MemberLookup.Exists(static () => InCompleted(null!, default, 0))
        && MemberLookup.Exists(static () => OutCompleted(null!, default, 0));

    /// <summary>The context of a socket's inside.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Ctx")]
    [return: UnsafeAccessorType(Ctx)]
    public static extern object ContextOf([UnsafeAccessorType(ZObject)] object core);

    /// <summary>A context's I/O threads.</summary>
    public static IEnumerable<object> IOThreads(object context)
    {
        for (int i = 0; i < MaxIOThreads && ChooseIOThread(context, 1L << i) is { } ioThread; i++) yield return ioThread;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Proactor")]
    [return: UnsafeAccessorType(Proactor)]
    public static extern object ProactorOf([UnsafeAccessorType(IOThread)] object ioThread);

    /// <summary>Where an I/O thread's commands come in: the state of each signal.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Mailbox")]
    [return: UnsafeAccessorType(Mailbox)]
    public static extern object MailboxOf([UnsafeAccessorType(IOThread)] object ioThread);

    /// <summary>What the thread waits in.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_completionPort")]
    public static extern ref CompletionPort Port([UnsafeAccessorType(Proactor)] object proactor);

    /// <summary>True once the thread is to end.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_stopping")]
    public static extern ref bool IsStopping([UnsafeAccessorType(Proactor)] object proactor);

    /// <summary>Runs the timers that are due; returns the milliseconds until the next one, or 0 where there is none.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern int ExecuteTimers([UnsafeAccessorType(PollerBase)] object proactor);

    /// <summary>Carries out the commands that have come.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void RaiseEvent([UnsafeAccessorType(IOThreadMailbox)] object mailbox);

    /// <summary>Who is told of a completion.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_ProactorEvents")]
    [return: UnsafeAccessorType(Events)]
    public static extern object EventsOf([UnsafeAccessorType(Item)] object item);

    /// <summary>True once the socket was taken away from the thread.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Cancelled")]
    public static extern bool IsCancelled([UnsafeAccessorType(Item)] object item);

    /// <summary>Tells of a receive or an accept.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void InCompleted([UnsafeAccessorType(Events)] object events, SocketError error, int bytes);

    /// <summary>Tells of a send or a connect.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void OutCompleted([UnsafeAccessorType(Events)] object events, SocketError error, int bytes);

    /// <summary>The one of those in the mask that has least to do; null where there is none.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    [return: UnsafeAccessorType(IOThread)]
    private static extern object? ChooseIOThread([UnsafeAccessorType(Ctx)] object context, long affinity);
}
