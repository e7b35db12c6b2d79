namespace ZmqLoop;

/// <summary>How much of libzmq's memory is held by messages that no stream holds: kept, copied, or received into without a copy. The
/// garbage collector hears of it in steps, so that what comes and goes costs it nothing.</summary>
internal static class NativeMemoryPressure
{
    // For each four megabytes that it hears of, even if they go again, the collector does a whole collection.
    private const long Step = 16 << 20;

    private static long _bytes;
    private static long _told;

    public static void Add(int bytes)
    {
        long now = Interlocked.Add(ref _bytes, bytes);
        long told = Volatile.Read(ref _told);
        if (now < told + Step || Interlocked.CompareExchange(ref _told, now, told) != told) return; // or another thread has just told it
        GC.AddMemoryPressure(now - told);
    }

    public static void Remove(int bytes)
    {
        long now = Interlocked.Add(ref _bytes, -bytes);
        long told = Volatile.Read(ref _told);
        if (now > told - (2 * Step) || Interlocked.CompareExchange(ref _told, now, told) != told) return;
        GC.RemoveMemoryPressure(told - now);
    }
}
