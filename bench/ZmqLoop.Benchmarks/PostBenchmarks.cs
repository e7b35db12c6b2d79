using System.Threading.Channels;
using BenchmarkDotNet.Attributes;

namespace ZmqLoop.Benchmarks;

/// <summary>Callbacks from other threads to a loop that runs them meanwhile.</summary>
[MemoryDiagnoser]
public class PostBenchmarks
{
    private const int Posts = 400_000;

    private LibZmqEngine _engine = null!;
    private ZMQIOLoop _loop = null!;
    private Action _count = null!;
    private int _left;

    [Params(1, 4)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _engine = new LibZmqEngine();
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false });
        _count = () =>
        {
            if (--_left == 0) _loop.Stop();
        };
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _loop.Dispose();
        _engine.Dispose();
    }

    /// <summary>.NET's own queue for one reader, read by a thread that waits.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Posts)]
    public void Channel()
    {
        Channel<Action> channel = System.Threading.Channels.Channel.CreateUnbounded<Action>(
            new UnboundedChannelOptions { SingleReader = true });
        int left = Posts;
        Action count = () => left--;
        Thread[] producers = Start(Threads, Posts, () => channel.Writer.TryWrite(count));
        while (left > 0)
        {
            while (channel.Reader.TryRead(out Action? action)) action();
            if (left > 0) channel.Reader.WaitToReadAsync().AsTask().Wait();
        }

        foreach (Thread producer in producers) producer.Join();
    }

    [Benchmark(OperationsPerInvoke = Posts)]
    public void Post_and_run() => Run(_loop, _count, ref _left, Posts, Threads);

    internal static void Run(IOLoop loop, Action count, ref int left, int posts, int threads)
    {
        left = posts;
        Thread[] producers = Start(threads, posts, () => loop.AddCallback(count));
        loop.Start();
        foreach (Thread producer in producers) producer.Join();
    }

    private static Thread[] Start(int threads, int posts, Action post)
    {
        var producers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            producers[i] = new Thread(() =>
            {
                for (int j = 0; j < posts / threads; j++) post();
            });
        }

        foreach (Thread producer in producers) producer.UnsafeStart();
        return producers;
    }
}
