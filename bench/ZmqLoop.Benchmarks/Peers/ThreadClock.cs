using System.Runtime.InteropServices;

namespace ZmqLoop.Benchmarks;

/// <summary>The processor time of this thread. Linux.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Nanoseconds
    {
        get
        {
            if (clock_gettime(ThreadCpuTime, out Timespec time) != 0)
                throw new PlatformNotSupportedException("There is no clock of the thread's processor time.");
            return (time.Seconds * 1e9) + time.Nanoseconds;
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Timespec time);

    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
