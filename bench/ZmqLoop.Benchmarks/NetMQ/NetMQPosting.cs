using System.Diagnostics;
using NetMQ;

namespace ZmqLoop.Benchmarks;

/// <summary>Time for one callback from another thread, from the first post to the last run.</summary>
internal static class NetMQPosting
{
    private const int Posts = 400_000;

    public static (string Name, Func<double> Run)[] Ways =>
    [
        ("NetMQQueue and NetMQPoller", Queue),
        ("NetMQPoller.Run", Run),
        ("IOLoop.AddCallback", Loop),
    ];

    private static double Queue()
    {
        using NetMQQueue<Action> queue = new();
        using NetMQPoller poller = [queue];
        queue.ReceiveReady += (_, _) =>
        {
            while (queue.TryDequeue(out Action? action, TimeSpan.Zero)) action();
        };
        return Measure(queue.Enqueue, poller.Run, poller.StopAsync);
    }

    private static double Run()
    {
        using NetMQPoller poller = [];
        poller.RunAsync();
        return Measure(poller.Run, static () => { }, static () => { });
    }

    private static double Loop()
    {
        using NetMQEngine engine = new();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        return Measure(action => loop.AddCallback(action), loop.Start, loop.Stop);
    }

    private static double Measure(Action<Action> post, Action run, Action stop)
    {
        using ManualResetEventSlim done = new();
        int left = Posts;
        Action count = () =>
        {
            if (--left > 0) return;
            done.Set();
            stop();
        };
        Thread producer = new(() =>
        {
            for (int i = 0; i < Posts; i++) post(count);
        });
        long start = Stopwatch.GetTimestamp();
        producer.UnsafeStart();
        run();
        done.Wait();
        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        producer.Join();
        return nanoseconds / Posts;
    }
}
