using BenchmarkDotNet.Attributes;

namespace ZmqLoop.Benchmarks;

/// <summary>One callback a turn, which adds the next: what a turn costs on a loop that polls.</summary>
[MemoryDiagnoser]
public class ChainBenchmarks
{
    private const int Turns = 10_000;

    private LibZmqEngine _engine = null!;
    private ZMQIOLoop _loop = null!;
    private Action _hop = null!;
    private int _left;

    [Params(PollerKind.Epoll, PollerKind.ZmqPoll)]
    public PollerKind Poller { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _engine = new LibZmqEngine(new LibZmqEngineOptions { Poller = Poller });
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false });
        _hop = () =>
        {
            if (--_left > 0) _loop.AddCallback(_hop);
            else _loop.Stop();
        };
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _loop.Dispose();
        _engine.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Turns)]
    public void Turn()
    {
        _left = Turns;
        _loop.AddCallback(_hop);
        _loop.Start();
    }
}
