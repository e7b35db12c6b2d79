using BenchmarkDotNet.Attributes;

namespace ZmqLoop.Benchmarks;

/// <summary>Timers at pseudo-random times: all added and all cancelled; all added and, being due, all run. Whole batches: divide by their
/// size.</summary>
[MemoryDiagnoser]
public class TimerBenchmarks
{
    private readonly IOLoop _loop = NoPoller.CreateLoop();
    private readonly Action _nothing = static () => { };
    private TimeoutHandle[] _handles = [];

    [Params(100_000, 1_000_000)]
    public int Count { get; set; }

    [GlobalSetup]
    public void Setup() => _handles = new TimeoutHandle[Count];

    /// <summary>.NET's own heap, which cannot cancel, as if it were a loop's.</summary>
    [Benchmark(Baseline = true)]
    public void PriorityQueue_add_and_take()
    {
        uint random = 1;
        PriorityQueue<Action, long> queue = new();
        for (int i = 0; i < _handles.Length; i++) queue.Enqueue(_nothing, Xorshift.Next(ref random) % 50);
        while (queue.TryDequeue(out Action? action, out _)) action();
    }

    [Benchmark]
    public void Add_and_cancel()
    {
        uint random = 1;
        for (int i = 0; i < _handles.Length; i++)
            _handles[i] = _loop.CallLater(TimeSpan.FromMilliseconds(1_000 + Xorshift.Next(ref random) % 3_600_000), _nothing);
        foreach (TimeoutHandle handle in _handles) _loop.RemoveTimeout(handle);
    }

    [Benchmark]
    public void Add_and_fire()
    {
        uint random = 1;
        for (int i = 0; i < _handles.Length; i++) _loop.CallAt(-(Xorshift.Next(ref random) % 50) / 1_000.0, _nothing);
        _loop.AddCallback(_loop.Stop);
        _loop.Start();
    }
}
