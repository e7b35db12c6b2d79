using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static unsafe partial class Libzmq
{
    internal const short ZMQ_POLLIN = 1;
    internal const short ZMQ_POLLOUT = 2;
    internal const short ZMQ_POLLERR = 4;

    // Its "long" has 64 bits on Unix and 32 on Windows; PollItems knows the layout of the items.
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int zmq_poll(void* items, int count, CLong timeout);
}
