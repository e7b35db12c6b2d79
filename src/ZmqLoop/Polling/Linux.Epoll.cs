using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

internal static unsafe partial class Linux
{
    internal const uint EPOLLIN = 1;
    internal const uint EPOLLOUT = 4;
    internal const uint EPOLLERR = 8;
    internal const uint EPOLLHUP = 16;
    internal const uint EPOLLET = 1u << 31;

    internal const int EPOLL_CTL_ADD = 1;
    internal const int EPOLL_CTL_DEL = 2;
    internal const int EPOLL_CTL_MOD = 3;

    internal const int EPOLL_CLOEXEC = 0x80000;

    internal const int ENOENT = 2;
    internal const int EBADF = 9;
    internal const int EPERM = 1;
    internal const int EEXIST = 17;
    internal const int ENOSYS = 38;

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial DescriptorHandle epoll_create1(int flags);

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int epoll_ctl(DescriptorHandle epoll, int operation, int descriptor, byte* change);

    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int epoll_wait(DescriptorHandle epoll, byte* events, int capacity, int timeout);

    /// <summary>Of Linux 5.11, and in libraries since (glibc 2.35).</summary>
    [LibraryImport(Library, SetLastError = true)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int epoll_pwait2(DescriptorHandle epoll, byte* events, int capacity, Timespec* timeout, void* signals);

    /// <summary><c>struct timespec</c> of a process of 64 bits.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Timespec(TimeSpan time)
    {
        public long tv_sec = time.Ticks / TimeSpan.TicksPerSecond;
        public long tv_nsec = time.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick;
    }
}
