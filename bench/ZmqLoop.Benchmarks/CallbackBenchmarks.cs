using BenchmarkDotNet.Attributes;

namespace ZmqLoop.Benchmarks;

/// <summary>Adding a callback and running it, a thousand a turn: a loop without contexts in force against a queue that knows of
/// none.</summary>
[MemoryDiagnoser]
public class CallbackBenchmarks
{
    private const int Batch = 1_000;
    private const int Turns = 100;

    private readonly BareQueue _bare = new();
    private readonly IOLoop _loop = NoPoller.CreateLoop();
    private readonly IOLoop _watched = NoPoller.CreateLoop();
    private readonly Action _nothing = static () => { };
    private readonly AsyncLocal<string?> _flow = new();
    private Action _fillBare = null!;
    private Action _fillLoop = null!;
    private Action _fillWatched = null!;
    private int _turns;

    [GlobalSetup]
    public void Setup()
    {
        _watched.SetBlockingLogThreshold(1);
        _fillBare = () =>
        {
            for (int i = 0; i < Batch; i++) _bare.Add(_nothing);
            if (--_turns > 0) _bare.Add(_fillBare);
            else _bare.Stopped = true;
        };
        _fillLoop = Filling(_loop);
        _fillWatched = Filling(_watched);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch * Turns)]
    public void Bare_queue()
    {
        _turns = Turns;
        _bare.Add(_fillBare);
        _bare.Run();
    }

    [Benchmark(OperationsPerInvoke = Batch * Turns)]
    public void Loop_without_contexts() => RunLoop();

    [Benchmark(OperationsPerInvoke = Batch * Turns)]
    public void Loop_with_the_watchdog() => Run(_watched, _fillWatched);

    [Benchmark(OperationsPerInvoke = Batch * Turns)]
    public void Loop_with_an_AsyncLocal()
    {
        _flow.Value = "set";
        RunLoop();
        _flow.Value = null;
    }

    [Benchmark(OperationsPerInvoke = Batch * Turns)]
    public void Loop_in_an_ExceptionStackContext() => new ExceptionStackContext(static _ => false).Run(RunLoop);

    [Benchmark(OperationsPerInvoke = Batch * Turns)]
    public void Loop_in_a_StackContext() => new StackContext(static () => (IDisposable?)null).Run(RunLoop);

    private void RunLoop() => Run(_loop, _fillLoop);

    private void Run(IOLoop loop, Action fill)
    {
        _turns = Turns;
        loop.AddCallback(fill);
        loop.Start();
    }

    private Action Filling(IOLoop loop)
    {
        Action fill = null!;
        fill = () =>
        {
            for (int i = 0; i < Batch; i++) loop.AddCallback(_nothing);
            if (--_turns > 0) loop.AddCallback(fill);
            else loop.Stop();
        };
        return fill;
    }
}
