using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ZmqLoop.Interop;

/// <summary>The limits of connections that stand: each took that of its socket when it began.</summary>
internal static class LimitInternals
{
    private const string V1 = "NetMQ.Core.Transports.V1Decoder, NetMQ";
    private const string V2 = "NetMQ.Core.Transports.V2Decoder, NetMQ";
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;

    private static readonly Type? _v1 = Type.GetType(V1);
    private static readonly Type? _v2 = Type.GetType(V2);

    // An accessor cannot return a field whose type is not published. The trimmer follows constant names.
    private static readonly FieldInfo? _socketsField = Type.GetType("NetMQ.Core.Utils.Proactor, NetMQ")?.GetField("m_sockets", Inside);
    private static readonly FieldInfo? _ownerField =
        Type.GetType("NetMQ.Core.Transports.StreamEngine, NetMQ")?.GetField("m_socket", Inside);

    /// <summary>True if this version of NetMQ has all of them, in the shape that is expected here. Set by tests alone.</summary>
    public static bool AreKnown { get; set; } = _v1 is not null && _v2 is not null && _ownerField is not null
        && _socketsField?.FieldType.IsAssignableTo(typeof(IDictionary)) == true
        && MemberLookup.Exists(static () => _ = LimitOfV1(null!)) && MemberLookup.Exists(static () => _ = LimitOfV2(null!));

    /// <summary>Sets the limit of each connection of a socket's. On the I/O thread.</summary>
    /// <param name="proactor">The I/O thread's.</param>
    /// <param name="core">The socket's inside.</param>
    /// <param name="bytes">The most that a frame may have.</param>
    public static void Limit(object proactor, object core, long bytes)
    {
        foreach (object item in ((IDictionary)_socketsField!.GetValue(proactor)!).Values)
        {
            object? engine = ConnectionInternals.Handler(ProactorInternals.EventsOf(item));
            if (!ConnectionInternals.IsEngine(engine) || !ReferenceEquals(_ownerField!.GetValue(engine), core)) continue;
            object? decoder = ConnectionInternals.DecoderOf(engine!); // null during the greeting, after which it takes its socket's limit
            if (_v2!.IsInstanceOfType(decoder)) LimitOfV2(decoder!) = bytes;
            else if (_v1!.IsInstanceOfType(decoder)) LimitOfV1(decoder!) = bytes;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_maxMessageSize")]
    private static extern ref long LimitOfV1([UnsafeAccessorType(V1)] object decoder);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_maxmsgsize")]
    private static extern ref long LimitOfV2([UnsafeAccessorType(V2)] object decoder);
}
