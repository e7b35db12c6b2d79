namespace ZmqLoop.Stress;

/// <summary>Two gigabytes of messages leave no memory behind, in whatever way each of them ends.</summary>
public sealed class FlatMemoryTests(ITestOutputHelper output)
{
    private const long Pushed = 2L << 30;
    private const long Bound = 128L << 20;

    public static TheoryData<string> Fates => FatePipe.All;

    [Theory]
    [MemberData(nameof(Fates))]
    public void Two_gigabytes_of_messages_leave_no_memory_behind_however_they_end(string fate)
    {
        using FatePipe pipe = new(fate);
        pipe.Push(128L << 20);
        long before = FatePipe.Resident();
        int collections = GC.CollectionCount(2);
        pipe.Push(Pushed);
        collections = GC.CollectionCount(2) - collections;
        long grown = FatePipe.Resident() - before;
        output.WriteLine($"{EngineUnderTest.Current.Name}, {fate}: {grown >> 20} MiB more after 2 GiB ({before >> 20} MiB before), "
            + $"{collections} collections");
        Assert.InRange(grown, long.MinValue, Bound);
        if (FatePipe.NeedsNoCollection) Assert.InRange(collections, 0, 10); // of what is kept, or left lying, the collector hears
    }

    [Theory]
    [MemberData(nameof(Fates))]
    public void Memory_that_was_lent_two_thousand_times_comes_back_however_the_messages_end(string fate)
    {
        EngineUnderTest.Current.Need(Abilities.Lending);
        using FatePipe pipe = new(fate);
        pipe.PushLent(2048);
        pipe.Close();
        Assert.Equal(0, pipe.Missing);
    }
}
