using System.Diagnostics;
using System.Globalization;

namespace ZmqLoop.Benchmarks;

/// <summary>What bench/peers/measure.h is to the peers in C.</summary>
internal static class Rounds
{
    private const int Least = 3;

    /// <summary>Prints the median round, which returns nanoseconds per operation, after a warm-up as long.</summary>
    public static void PrintMedian(double seconds, Func<double> round)
    {
        TimeSpan time = TimeSpan.FromSeconds(seconds);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;) round();
        List<double> ns = [];
        for (long start = Stopwatch.GetTimestamp(); ns.Count < Least || Stopwatch.GetElapsedTime(start) < time;) ns.Add(round());
        ns.Sort();
        Print("ns", ns[ns.Count / 2]);
    }

    public static void Print(string metric, double value) =>
        Console.WriteLine($"{metric} {value.ToString("F1", CultureInfo.InvariantCulture)}");

    public static void PrintResident()
    {
        string resident = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        Console.WriteLine("kB " + resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
    }

    /// <summary>For what one thread does without ever waiting: its processor time, which a loaded machine disturbs less than the
    /// clock's.</summary>
    public static double Cpu(int operations, Action work)
    {
        double start = ThreadClock.Nanoseconds;
        work();
        return (ThreadClock.Nanoseconds - start) / operations;
    }
}
