using BenchmarkDotNet.Attributes;

namespace ZmqLoop.Benchmarks;

/// <summary>Adding a callback and running it, a thousand a turn: a loop without contexts in force against a queue that knows of none.</summary>
[MemoryDiagnoser]
public class CallbackBenchmarks
{
    private const int Batch = 1_000;
    private const int Turns = 100;

    private readonly BareQueue _bare = new();
    private readonly IOLoop _loop = NoPoller.CreateLoop();
    private readonly Action _nothing = static () => { };
    private readonly AsyncLocal<string?> _flow = new();
    private Action _fillBare = null!;
    private Action _fillLoop = null!;
    private int _turns;

    [GlobalSetup]
    public void Setup()
    {
        _fillBare = () =>
        {
            for (int i = 0; i < Batch; i++) _bare.Add(_nothing);
            if (--_turns > 0) _bare.Add(_fillBare);
            else _bare.Stopped = true;
        };
        _fillLoop = () =>
        {
            for (int i = 0; i < Batch; i++) _loop.AddCallback(_nothing);
            if (--_turns > 0) _loop.AddCallback(_fillLoop);
            else _loop.Stop();
        };
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

    private void RunLoop()
    {
        _turns = Turns;
        _loop.AddCallback(_fillLoop);
        _loop.Start();
    }
}
