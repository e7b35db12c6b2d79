using BenchmarkDotNet.Attributes;

namespace ZmqLoop.Benchmarks;

/// <summary>One socket's message, from its sending through the loop's wake to its handler, beside many sockets on which nothing
/// happens.</summary>
[MemoryDiagnoser]
public class PollerBenchmarks
{
    private IdleSockets _sockets = null!;

    [Params(10, 1_000, 5_000)]
    public int Idle { get; set; }

    [Params(PollerKind.Epoll, PollerKind.ZmqPoll)]
    public PollerKind Poller { get; set; }

    [GlobalSetup]
    public void Setup() => _sockets = new IdleSockets(Idle, Poller);

    [GlobalCleanup]
    public void Cleanup() => _sockets.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = 100)]
    public void Send_and_receive_without_a_loop() => _sockets.RunBare(100);

    [Benchmark(OperationsPerInvoke = 100)]
    public void Wake_and_dispatch() => _sockets.Run(100);
}
