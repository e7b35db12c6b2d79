using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>The few system calls of Linux that the poller needs, under their C names.</summary>
internal static unsafe partial class Linux
{
    private const string Library = "libc";

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int close(int descriptor);
}
