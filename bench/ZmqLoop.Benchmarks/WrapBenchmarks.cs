using BenchmarkDotNet.Attributes;
using ZmqLoop.LowLevel;

namespace ZmqLoop.Benchmarks;

/// <summary>A wrapped callback's call, and the wrapping, under some contexts. What is allocated in a call is the contexts' instances (24
/// bytes each here).</summary>
[MemoryDiagnoser]
public class WrapBenchmarks
{
    private const int CallsInARow = 1_000;

    private readonly Action _nothing = static () => { };
    private Action _plain = null!;
    private Action _managers = null!;
    private Action _handlers = null!;
    private CapturedCallback<int> _captured = null!;

    [Params(0, 1, 3, 10)]
    public int Contexts { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _plain = _nothing;
        _managers = Inside(static () => new StackContext(static () => new Instance()), Contexts);
        _captured = InContexts(Contexts);
        _handlers = Inside(static () => new ExceptionStackContext(static _ => false), Contexts);
    }

    [Benchmark(Baseline = true)]
    public void Plain_call() => _plain();

    [Benchmark]
    public void Call_in_StackContexts() => _managers();

    [Benchmark(OperationsPerInvoke = CallsInARow)]
    public void Calls_in_a_row_in_StackContexts()
    {
        CallbackBatch<int> calls = _captured.Begin();
        for (int i = 0; i < CallsInARow; i++) calls.Invoke(i);
        calls.Dispose();
    }

    [Benchmark]
    public void Call_in_ExceptionStackContexts() => _handlers();

    [Benchmark]
    public Action Wrap() => StackContext.Wrap(_nothing);

    private Action Inside(Func<CallbackContext> create, int depth) =>
        depth == 0 ? StackContext.Wrap(_nothing) : create().Run(() => Inside(create, depth - 1))!;

    private static CapturedCallback<int> InContexts(int depth) => depth == 0
        ? new CapturedCallback<int>(static _ => { })
        : new StackContext(static () => new Instance()).Run(() => InContexts(depth - 1))!;

    internal sealed class Instance : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
