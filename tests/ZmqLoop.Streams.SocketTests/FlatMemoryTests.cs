namespace ZmqLoop.Streams.SocketTests;

/// <summary>The memory of messages that were received without a copy, or lent, is let go of when their fate is decided, whatever it is. The
/// stress tests push gigabytes.</summary>
public sealed class FlatMemoryTests
{
    public static TheoryData<string> Fates => FatePipe.All;

    [Theory]
    [MemberData(nameof(Fates))]
    public void Messages_leave_no_memory_behind_however_they_end(string fate)
    {
        using FatePipe pipe = new(fate);
        pipe.Push(32L << 20);
        long before = FatePipe.Resident();
        int collections = GC.CollectionCount(2);
        pipe.Push(128L << 20);
        collections = GC.CollectionCount(2) - collections;
        Assert.InRange(FatePipe.Resident() - before, long.MinValue, 64L << 20);
        if (FatePipe.NeedsNoCollection) Assert.InRange(collections, 0, 1); // of what is kept, or left lying, the collector hears
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public void Memory_that_was_lent_comes_back_however_the_messages_end(string fate)
    {
        EngineUnderTest.Current.Need(Abilities.Lending);
        using FatePipe pipe = new(fate);
        pipe.PushLent(64);
        pipe.Close();
    }
}
