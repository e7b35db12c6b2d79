using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static unsafe partial class Libzmq
{
    // Its "long" has 64 bits on Unix and 32 on Windows; PollItems knows the layout of the items.
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_poll(void* items, int count, CLong timeout);
}
