using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>The one place that reads errno and the one that turns it into an exception: for the few system calls of the poller.</summary>
internal static partial class Errno
{
    /// <summary>The error of the call that has just failed. Call it first thing: nearly anything managed may change errno.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int Last() => *__errno_location();

    /// <summary>The exception for an error number.</summary>
    public static ZMQException Failed(int number, string what)
    {
        (ZMQErrorCode code, string name) = ErrorNumbers.Describe(number);
        return new ZMQException(code, number, name, $"{what} failed: {Marshal.GetPInvokeErrorMessage(number)} ({name}).");
    }

    [LibraryImport("libc"), SuppressGCTransition]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe partial int* __errno_location();
}
