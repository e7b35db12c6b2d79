using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using NetMQ;

namespace ZmqLoop.Interop;

/// <summary>What NetMQ's context has, and how far it is. It does not publish the context.</summary>
internal static class ContextInternals
{
    private const string Ctx = "NetMQ.Core.Ctx, NetMQ";
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;

    // An accessor cannot return a field whose type is not published. The trimmer follows constant names.
    private static readonly FieldInfo? _contextField =
        typeof(NetMQConfig).GetField("s_ctx", BindingFlags.Static | BindingFlags.NonPublic);

    private static readonly FieldInfo? _startingField = Type.GetType(Ctx)?.GetField("m_starting", Inside);
    private static readonly FieldInfo? _socketsField = Type.GetType(Ctx)?.GetField("m_sockets", Inside);

    /// <summary>True if this version of NetMQ has them, in the shape that is expected here.</summary>
    public static bool AreKnown { get; } = _contextField is not null && _startingField?.FieldType == typeof(bool)
        && _socketsField?.FieldType.IsAssignableTo(typeof(ICollection)) == true;

    /// <summary>The same of <see cref="IsEnding"/> and <see cref="Sockets"/>, without which the rest works.</summary>
    public static bool KnowsEnd { get; } = AreKnown && SocketInternals.KnowsMonitor
        && MemberLookup.Exists(static () => _ = IsEnding(null!)) && MemberLookup.Exists(static () => _ = Gate(null!));

    /// <summary>The process's context; null before somebody needs one, and after its end.</summary>
    public static object? Present => _contextField!.GetValue(null);

    /// <summary>True once it has made a socket, and with that its I/O threads and the places for all others.</summary>
    public static bool HasBegun(object context) => !(bool)_startingField!.GetValue(context)!;

    /// <summary>True once somebody ends it, which waits for its sockets. Any thread.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_terminating")]
    public static extern ref bool IsEnding([UnsafeAccessorType(Ctx)] object context);

    /// <summary>The insides of its sockets, those included that are closed and not gone yet, and those that monitors are told by. Any
    /// thread.</summary>
    public static object[] Sockets(object context)
    {
        lock (Gate(context)) return [.. ((ICollection)_socketsField!.GetValue(context)!).Cast<object>()];
    }

    /// <summary>How many sockets it has, those included that are closed and not gone yet.</summary>
    public static int CountSockets(object context) => ((ICollection)_socketsField!.GetValue(context)!).Count;

    /// <summary>What its calls lock while they look at the sockets.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_slotSync")]
    private static extern ref object Gate([UnsafeAccessorType(Ctx)] object context);
}
