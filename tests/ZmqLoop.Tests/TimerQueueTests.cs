namespace ZmqLoop.Tests;

public sealed class TimerQueueTests
{
    private readonly TimerQueue _timers = new();
    private readonly Random _random = new(7);

    [Fact]
    public void The_memory_of_many_timers_comes_back_though_some_remain()
    {
        (int Slot, int Version) first = Add(1);
        var many = Enumerable.Range(0, 200_000).Select(_ => Add(_random.Next(1_000, 1_000_000))).ToList();
        int full = Size();
        foreach ((int slot, int version) in many) Assert.True(_timers.Remove(slot, version, out _));
        Assert.Equal(1, _timers.Count);
        Assert.True(Size() < full / 100, $"room for {full} became room for {Size()}.");
        Assert.True(_timers.Remove(first.Slot, first.Version, out _));
    }

    [Fact]
    public void The_memory_comes_back_once_the_last_slots_are_free_though_they_were_the_last_ones()
    {
        var many = Enumerable.Range(0, 100_000).Select(_ => Add(_random.Next(1_000, 1_000_000))).ToList();
        (int Slot, int Version) last = Add(1);
        int full = Size();
        foreach ((int slot, int version) in many) _timers.Remove(slot, version, out _);
        (int Slot, int Version) low = Add(2);
        _timers.Remove(last.Slot, last.Version, out _);
        _timers.Remove(low.Slot, low.Version, out _);
        Assert.Equal(0, _timers.Count);
        Assert.True(Size() < full / 100, $"room for {full} became room for {Size()}.");
    }

    [Fact]
    public void A_handle_from_before_the_memory_came_back_names_no_later_timer()
    {
        var old = Enumerable.Range(0, 10_000).Select(_ => Add(_random.Next(1_000))).ToList();
        foreach ((int slot, int version) in old) _timers.Remove(slot, version, out _);
        for (int i = 0; i < 10_000; i++) Add(_random.Next(1_000));
        Assert.DoesNotContain(old, handle => _timers.Remove(handle.Slot, handle.Version, out _));
        Assert.Equal(10_000, _timers.Count);
    }

    [Fact]
    public void Timers_come_in_order_whatever_is_added_and_cancelled_between()
    {
        var live = new List<(long Deadline, int Order, int Slot, int Version)>();
        var ran = new List<int>();
        int order = 0;
        for (int step = 0; step < 60_000; step++)
        {
            // Grows for a while, then shrinks.
            if (_random.Next(100) < (step % 20_000 < 10_000 ? 80 : 20))
            {
                long deadline = _random.Next(5_000);
                int mine = order++;
                (int slot, int version) = _timers.Add(deadline, new WorkItem(() => ran.Add(mine), default));
                live.Add((deadline, mine, slot, version));
            }
            else if (live.Count > 0)
            {
                int at = _random.Next(live.Count);
                Assert.True(_timers.Remove(live[at].Slot, live[at].Version, out _));
                live[at] = live[^1];
                live.RemoveAt(live.Count - 1);
            }
        }

        Assert.NotEmpty(live);
        _timers.CollectDue(long.MaxValue);
        while (_timers.TryTakeDue(out WorkItem work)) work.Invoke();
        Assert.Equal(live.OrderBy(timer => timer.Deadline).ThenBy(timer => timer.Order).Select(timer => timer.Order), ran);
    }

    private (int Slot, int Version) Add(long deadline) => _timers.Add(deadline, default);

    private int Size() => _timers.Capacity;
}
