using System.Diagnostics;
using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>What the processors have done up to now, in the kernel's ticks of 10 ms.</summary>
/// <param name="Busy">In all programs and the kernel; interrupts, which over loopback are ours, do not count.</param>
/// <param name="Stolen">For other machines on the same host.</param>
/// <param name="Own">In this process, and in those that it started and that have ended.</param>
/// <param name="Seconds">When that was, from some fixed time on.</param>
internal readonly record struct MachineTimes(double Busy, double Stolen, double Own, double Seconds)
{
    public const int TicksPerSecond = 100; // the kernel's own rate is another matter; /proc always speaks of this one

    public static MachineTimes Read() =>
        Parse(File.ReadLines("/proc/stat").First(), File.ReadAllText("/proc/self/stat"), Stopwatch.GetElapsedTime(0).TotalSeconds);

    /// <param name="all">The first line of /proc/stat.</param>
    /// <param name="self">/proc/self/stat.</param>
    /// <param name="seconds">When they were read.</param>
    public static MachineTimes Parse(string all, string self, double seconds)
    {
        double[] cpu = [.. all.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(Number)];
        double user = cpu[0], nice = cpu[1], system = cpu[2], stolen = cpu[7];
        // the program's name may hold anything; then the state, field 3 of proc(5)
        string[] fields = self[(self.LastIndexOf(')') + 2)..].Split(' ');
        double own = fields[(14 - 3)..(17 - 3 + 1)].Sum(Number); // utime, stime, cutime, cstime
        return new MachineTimes(user + nice + system, stolen, own, seconds);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
