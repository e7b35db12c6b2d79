using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static unsafe partial class Libzmq
{
    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_msg_init(zmq_msg_t* message);

    // Calls free(data, hint) once, on whichever thread lets go of the data last.
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_msg_init_data(zmq_msg_t* message, void* data, nuint size,
        delegate* unmanaged[Cdecl]<void*, void*, void> free, void* hint);

    // May free memory, and call back, so the collector must not wait for it.
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_msg_close(zmq_msg_t* message);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_msg_copy(zmq_msg_t* target, zmq_msg_t* source);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_msg_send(zmq_msg_t* message, nint socket, int flags);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_msg_recv(zmq_msg_t* message, nint socket, int flags);

    // The three getters read a field or two: short, never blocking, no lock.
    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial byte* zmq_msg_data(zmq_msg_t* message);

    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nuint zmq_msg_size(zmq_msg_t* message);

    [LibraryImport(Library), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_msg_more(zmq_msg_t* message);

    // A text in UTF-8 that belongs to the message, or null.
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial byte* zmq_msg_gets(zmq_msg_t* message, string property);
}
