using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static partial class Libzmq
{
    [LibraryImport(Library), SuppressGCTransition]
    internal static partial int zmq_errno();

    [LibraryImport(Library)]
    internal static partial nint zmq_strerror(int number);
}
