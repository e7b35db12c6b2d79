using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>A process with thousands of streams: what is shown is chosen from all, and a look at all makes hardly anything.</summary>
public sealed class ManyStreamsTests : IDisposable
{
    private const int Count = 5000;
    private const int Stuck = 60; // more than a page tells of

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedLoop _loop = new();
    private readonly List<(ScriptedSocket Socket, ZMQStream Stream)> _streams = [];

    public ManyStreamsTests()
    {
        for (int i = 0; i < Count; i++)
        {
            ScriptedSocket socket = new();
            ZMQStream stream = new(socket, _loop, new ZMQStreamOptions { Name = $"client {i}", SendQueueLimit = 10 });
            stream.OnRecv(static _ => { });
            _streams.Add((socket, stream));
        }
    }

    public void Dispose()
    {
        foreach ((_, ZMQStream stream) in _streams) stream.Dispose();
        _loop.Dispose();
    }

    [Fact]
    public void What_is_wrong_with_streams_that_are_not_shown_is_found_and_counted_and_totals_are_of_all()
    {
        SnapshotFeed feed = new(_time);
        feed.Get(new SnapshotQuery(1, ""));
        _time.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < Stuck; i++) Fill(Count - 1 - i);
        for (int i = 0; i < 4; i++) _streams[17].Socket.Arrive("1");
        _loop.RunUntilIdle();
        JsonElement data = Read(feed, new SnapshotQuery(7, ""));
        Assert.Equal((Count, 7), (data.GetProperty("streamCount").GetInt32(), data.GetProperty("streams").GetArrayLength()));
        Assert.Equal((Stuck, 50), (data.GetProperty("findingCount").GetInt32(), data.GetProperty("findings").GetArrayLength()));
        Assert.All(data.GetProperty("streams").EnumerateArray(), static shown => Assert.Equal(10, shown.GetProperty("queued").GetInt32()));
        JsonElement totals = data.GetProperty("totals");
        Assert.Equal((Count, Stuck * 10L, 4.0), (totals.GetProperty("streams").GetInt32(), totals.GetProperty("queued").GetInt64(),
            totals.GetProperty("receivedPerSecond").GetDouble()));

        JsonElement found = Read(feed, new SnapshotQuery(7, $"client {Count - Stuck}"));
        Assert.Equal("scripted DEALER", found.GetProperty("streams")[0].GetProperty("socket").GetString());
        Assert.Equal(1, found.GetProperty("streamCount").GetInt32());
        JsonElement busy = Read(feed, new SnapshotQuery(1, "client 17")).GetProperty("streams")[0]; // the busiest that is not in trouble
        Assert.Equal(("client 17", "[4]"), (busy.GetProperty("name").GetString(), busy.GetProperty("receivedHistory").ToString()));
    }

    [Fact]
    public void Those_that_are_well_again_give_way_to_the_busy_and_those_to_the_oldest()
    {
        SnapshotSampler sampler = new(_time);
        sampler.Take();
        Fill(4000);
        _streams[3000].Socket.Arrive("1");
        Assert.Equal(["client 4000", "client 3000"], Next(2));
        _streams[4000].Socket.Room = int.MaxValue;
        _loop.RunUntilIdle();
        Assert.Equal("client 4000", Next(1).Single()); // that sends now
        string[] idle = Next(2);
        Assert.Equal(sampler.Take().Show(new SnapshotQuery(2, "")).Streams.Select(static stream => stream.Name), idle);
        Assert.DoesNotContain("client 4000", idle);

        string[] Next(int count)
        {
            _loop.RunUntilIdle();
            _time.Advance(TimeSpan.FromSeconds(1));
            return [.. sampler.Take().Show(new SnapshotQuery(count, "")).Streams.Select(static stream => stream.Title)];
        }
    }

    [Fact]
    public void A_look_at_all_makes_hardly_anything_for_one()
    {
        SnapshotSampler sampler = new(_time);
        for (int i = 0; i < 3; i++) Take(); // what each is remembered by
        long before = GC.GetAllocatedBytesForCurrentThread();
        Take();
        long allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Assert.True(allocated < 150, $"{allocated} bytes a stream");

        void Take()
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            sampler.Take();
        }
    }

    [Fact]
    public void A_stream_that_nobody_holds_is_not_held_by_being_looked_at()
    {
        SnapshotFeed feed = new(_time);
        WeakReference forgotten = Forget(feed);
        Deadline.WaitUntil(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !forgotten.IsAlive;
        });
        _loop.RunUntilIdle(); // closes it
        Assert.Equal(0, Read(feed, new SnapshotQuery(1, "forgotten")).GetProperty("streams").GetArrayLength());
    }

    [MethodImpl(MethodImplOptions.NoInlining)] // no reference is left in a register
    private WeakReference Forget(SnapshotFeed feed)
    {
        ZMQStream stream = new(new ScriptedSocket(), _loop, new ZMQStreamOptions { Name = "forgotten" });
        Assert.Equal(1, Read(feed, new SnapshotQuery(1, "forgotten")).GetProperty("streamCount").GetInt32());
        _time.Advance(TimeSpan.FromSeconds(1));
        return new WeakReference(stream);
    }

    private void Fill(int index)
    {
        _streams[index].Socket.Room = 0;
        for (int i = 0; i < 10; i++) _streams[index].Stream.Send("1");
        _loop.RunUntilIdle();
    }

    private static JsonElement Read(SnapshotFeed feed, SnapshotQuery query) => JsonDocument.Parse(feed.Get(query)).RootElement;
}
