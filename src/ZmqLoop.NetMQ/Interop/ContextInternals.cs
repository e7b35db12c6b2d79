using System.Collections;
using System.Reflection;
using NetMQ;

namespace ZmqLoop.Interop;

/// <summary>What NetMQ's context has, and how far it is. It does not publish the context.</summary>
internal static class ContextInternals
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;

    // An accessor cannot return a field whose type is not published. The trimmer follows constant names.
    private static readonly FieldInfo? _contextField =
        typeof(NetMQConfig).GetField("s_ctx", BindingFlags.Static | BindingFlags.NonPublic);

    private static readonly FieldInfo? _startingField = Type.GetType("NetMQ.Core.Ctx, NetMQ")?.GetField("m_starting", Inside);
    private static readonly FieldInfo? _socketsField = Type.GetType("NetMQ.Core.Ctx, NetMQ")?.GetField("m_sockets", Inside);

    /// <summary>True if this version of NetMQ has them, in the shape that is expected here.</summary>
    public static bool AreKnown { get; } = _contextField is not null && _startingField?.FieldType == typeof(bool)
        && _socketsField?.FieldType.IsAssignableTo(typeof(ICollection)) == true;

    /// <summary>The process's context; null before somebody needs one, and after its end.</summary>
    public static object? Present => _contextField!.GetValue(null);

    /// <summary>True once it has made a socket, and with that its I/O threads and the places for all others.</summary>
    public static bool HasBegun(object context) => !(bool)_startingField!.GetValue(context)!;

    /// <summary>How many sockets it has, those included that are closed and not gone yet.</summary>
    public static int CountSockets(object context) => ((ICollection)_socketsField!.GetValue(context)!).Count;
}
