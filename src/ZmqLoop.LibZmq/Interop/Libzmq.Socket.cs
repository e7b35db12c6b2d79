using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static partial class Libzmq
{
    internal const int ZMQ_DONTWAIT = 1;
    internal const int ZMQ_SNDMORE = 2;
    internal const int ZMQ_FD = 14;
    internal const int ZMQ_EVENTS = 15;
    internal const int ZMQ_LINGER = 17;
    internal const int ZMQ_ONLY_FIRST_SUBSCRIBE = 108; // a draft to the headers; stable builds know it, too

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial SocketHandle zmq_socket(ContextHandle context, int type);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_close(nint socket);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_bind(SocketHandle socket, string endpoint);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_connect(SocketHandle socket, string endpoint);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_unbind(SocketHandle socket, string endpoint);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_disconnect(SocketHandle socket, string endpoint);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static unsafe partial int zmq_getsockopt(SocketHandle socket, int option, void* value, nuint* length);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static unsafe partial int zmq_getsockopt(nint socket, int option, void* value, nuint* length);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static unsafe partial int zmq_setsockopt(SocketHandle socket, int option, void* value, nuint length);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static unsafe partial int zmq_send(nint socket, byte* bytes, nuint length, int flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_socket_monitor(SocketHandle socket, string? endpoint, int events);
}
