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
    private IOLoop _blind = null!;
    private Action _blindHop = null!;
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
        _blind = NoPoller.CreateLoop();
        _blindHop = () =>
        {
            if (--_left > 0) _blind.AddCallback(_blindHop);
            else _blind.Stop();
        };
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _blind.Dispose();
        _loop.Dispose();
        _engine.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Turns)]
    public void Turn_without_polling() => Run(_blind, _blindHop);

    [Benchmark(OperationsPerInvoke = Turns)]
    public void Turn() => Run(_loop, _hop);

    private void Run(IOLoop loop, Action hop)
    {
        _left = Turns;
        loop.AddCallback(hop);
        loop.Start();
    }
}
