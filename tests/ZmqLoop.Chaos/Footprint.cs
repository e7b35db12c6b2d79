using System.Globalization;

namespace ZmqLoop.Chaos;

/// <summary>What a process holds, as the kernel counts it.</summary>
/// <param name="Resident">Bytes in memory.</param>
/// <param name="Heap">Bytes that are reachable, after a collection; 0 where nobody could be asked.</param>
/// <param name="Descriptors">Open files and sockets, without those of code.</param>
internal sealed record Footprint(long Resident, long Heap, int Descriptors)
{
    private const long Mebi = 1 << 20;
    private const long MoreHeap = 16 * Mebi;
    private const long MoreResident = 192 * Mebi; // what allocators and collectors keep for later
    private const int MoreDescriptors = 12;

    /// <summary>Of this process.</summary>
    public static Footprint OfThisProcess()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return Of(Environment.ProcessId, GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>Of any.</summary>
    public static Footprint Of(int process, long heap)
    {
        string folder = $"/proc/{process}";
        string? resident = File.ReadLines($"{folder}/status")
            .FirstOrDefault(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        long bytes = resident is null
            ? 0 : 1024 * long.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        return new Footprint(bytes, heap, Directory.EnumerateFileSystemEntries($"{folder}/fd").Count(static link => !IsCode(link)));
    }

    /// <summary>What the runtime has loaded, some of it not before something throws.</summary>
    private static bool IsCode(string link)
    {
        try
        {
            return Path.GetExtension(File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName) is ".dll" or ".pdb";
        }
        catch (IOException)
        {
            return false; // closed meanwhile
        }
    }

    /// <summary>True where nothing has grown but what may.</summary>
    public bool IsLike(Footprint before) => Heap <= before.Heap + MoreHeap && Resident <= before.Resident + MoreResident
        && Descriptors <= before.Descriptors + MoreDescriptors;

    /// <summary>Takes it until it is like the one before, or the time is over: what was closed goes away in its own time.</summary>
    public static Footprint Settle(Func<Footprint> take, Footprint before)
    {
        Footprint now = take();
        for (int i = 0; i < 50 && !now.IsLike(before); i++)
        {
            Pause.For(TimeSpan.FromMilliseconds(200));
            now = take();
        }

        return now;
    }

    public string Memory => string.Create(CultureInfo.InvariantCulture, $"{Resident / Mebi} MiB");

    public override string ToString() => $"{Memory} resident, {Heap / Mebi} MiB heap, {Descriptors} descriptors";
}
