using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static partial class Libzmq
{
    internal const int ZMQ_IO_THREADS = 1;
    internal const int ZMQ_MAX_SOCKETS = 2;
    internal const int ZMQ_SOCKET_LIMIT = 3;
    internal const int ZMQ_MAX_MSGSZ = 5;
    internal const int ZMQ_IPV6 = 42;

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial ContextHandle zmq_ctx_new();

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_ctx_set(ContextHandle context, int option, int value);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_ctx_get(ContextHandle context, int option);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_ctx_shutdown(ContextHandle context);

    // Blocks until the last socket is closed and has lingered.
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_ctx_term(nint context);
}
