using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>How many descriptors the process may have open.</summary>
internal static partial class DescriptorLimit
{
    private const int NumberOfFiles = 7; // RLIMIT_NOFILE, on Linux
    private const ulong Reserve = 32;
    private const ulong ReservedPart = 8;

    /// <summary>True if so few are left that somebody else may find none: .NET's pool, say, needs two to start a thread, and ends the
    /// process where it cannot.</summary>
    /// <param name="newest">The socket opened last. A new descriptor has the lowest number that is free.</param>
    public static bool IsNear(Socket newest)
    {
        if (!OperatingSystem.IsLinux() || GetLimit(NumberOfFiles, out Limits limits) != 0) return false;
        ulong reserve = Math.Min(Reserve, limits.Current / ReservedPart);
        return (ulong)newest.Handle + reserve >= limits.Current;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int GetLimit(int resource, out Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limits
    {
        public ulong Current;
        public ulong Most;
    }
}
