using System.Net.Sockets;
using System.Runtime.CompilerServices;
using AsyncIO;

namespace ZmqLoop.Interop;

/// <summary>The members of AsyncIO's listening sockets, other than Windows' own, that it does not publish.</summary>
internal static class AcceptInternals
{
    private const string NativeSocket = "AsyncIO.DotNet.NativeSocket, AsyncIO";

    private static readonly Type? _nativeSocket = Type.GetType(NativeSocket);

    /// <summary>True if this version of AsyncIO has them, in the shape that is expected here. Set by tests alone.</summary>
    public static bool AreKnown { get; set; } = _nativeSocket is not null && MemberLookup.Exists(static () => _ = Arguments(null!));

    public static bool IsNative(AsyncSocket socket) => _nativeSocket!.IsInstanceOfType(socket);

    /// <summary>The connection that a listening socket has accepted and not given away; null where it could not.</summary>
    public static Socket? Accepted(AsyncSocket listener) => Arguments(listener).AcceptSocket;

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_inSocketAsyncEventArgs")]
    private static extern ref SocketAsyncEventArgs Arguments([UnsafeAccessorType(NativeSocket)] object socket);
}
