using System.Diagnostics;

namespace ZmqLoop.Fuzz;

/// <summary>What the process holds.</summary>
internal readonly record struct Footprint(long Heap, long Resident, int Threads, int Descriptors)
{
    private const long Mebi = 1 << 20;
    private const long MoreHeap = 8 * Mebi;
    private const int MoreThreads = 8; // of the pool's, which come and go
    private const int MoreDescriptors = 8;

    public static Footprint Take()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using Process process = Process.GetCurrentProcess();
        int descriptors = OperatingSystem.IsLinux() ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
        return new Footprint(GC.GetTotalMemory(forceFullCollection: true), process.WorkingSet64, process.Threads.Count, descriptors);
    }

    /// <summary>Takes it until it is as it was, or the deadline is over: what was closed goes away in its own time.</summary>
    public static Footprint WaitFor(Footprint before)
    {
        Footprint now = Take();
        try
        {
            Deadline.WaitUntil(() => (now = Take()).IsLike(before));
        }
        catch (TimeoutException)
        {
            // Then it is what it is.
        }

        return now;
    }

    public bool IsLike(Footprint before) =>
        Heap <= before.Heap + MoreHeap && Threads <= before.Threads + MoreThreads && Descriptors <= before.Descriptors + MoreDescriptors;

    public override string ToString() =>
        $"{Heap / Mebi} MiB heap, {Resident / Mebi} MiB resident, {Threads} threads, {Descriptors} descriptors";
}
