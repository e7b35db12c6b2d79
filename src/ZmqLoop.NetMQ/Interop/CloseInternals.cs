using System.Net.Sockets;
using System.Runtime.CompilerServices;
using AsyncIO;

namespace ZmqLoop.Interop;

/// <summary>How .NET closes the connections of NetMQ.</summary>
/// <remarks>NetMQ always has a receive pending when it closes one. .NET cancels that, and then resets the connection instead of ending it:
/// what the kernel has not delivered yet is lost, however long the socket had lingered. Not so where the program itself had shut the
/// connection down, which .NET notes on the handle, and looks at nowhere else; so the note is made beforehand. libzmq's connections end
/// like that.</remarks>
internal static class CloseInternals
{
    private const string NativeSocket = "AsyncIO.DotNet.NativeSocket, AsyncIO";

    /// <summary>True if these versions of .NET and AsyncIO have the members, in the shape that is expected here. Set by tests
    /// alone.</summary>
    public static bool AreKnown { get; set; } = Type.GetType(NativeSocket) is not null
        && MemberLookup.Exists(static () => _ = Inside(null!))
        && MemberLookup.Exists(static () => NoteShutdown(null!, SocketShutdown.Send));

    /// <summary>Ends a connection, once it is closed, after what was sent has been delivered, as the kernel does by itself.</summary>
    public static void EndAfterDelivery(AsyncSocket socket)
    {
        if (AreKnown && AcceptInternals.IsNative(socket)) NoteShutdown(Inside(socket).SafeHandle, SocketShutdown.Send);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_socket")]
    private static extern ref Socket Inside([UnsafeAccessorType(NativeSocket)] object socket);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TrackShutdown")]
    private static extern void NoteShutdown(SafeSocketHandle handle, SocketShutdown how);
}
