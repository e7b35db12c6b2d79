using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static unsafe partial class Linux
{
    internal const int EFD_CLOEXEC = 0x80000;
    internal const int EFD_NONBLOCK = 0x800;

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial DescriptorHandle eventfd(uint value, int flags);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nint write(DescriptorHandle descriptor, ulong* value, nuint length);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nint read(DescriptorHandle descriptor, ulong* value, nuint length);
}
