using System.Diagnostics;
using NetMQ;

namespace ZmqLoop.Benchmarks;

/// <summary>NetMQPoller with NetMQQueue, its way for callbacks, and NetMQTimer.</summary>
internal static class NetMQLoopWork
{
    private const int Batch = 1_000;

    public static void Run(string work, double seconds, int count) => Rounds.PrintMedian(seconds, () => work switch
    {
        "callbacks" => Chains(Batch, count),
        "chain" => Chains(1, count),
        "timers-cancel" => CancelTimers(count),
        "timers-fire" => FireTimers(count),
        "posts-1" => Post(1, count),
        _ => Post(4, count),
    });

    private static double Chains(int width, int callbacks)
    {
        using NetMQQueue<Action> queue = new();
        using NetMQPoller poller = [queue];
        RunWhatComes(queue);
        int left = callbacks;
        Action hop = null!;
        hop = () =>
        {
            if (--left == 0) poller.StopAsync();
            if (left > 0) queue.Enqueue(hop);
        };
        for (int i = 0; i < width; i++) queue.Enqueue(hop);
        return Rounds.Cpu(callbacks, poller.Run);
    }

    private static double Post(int threads, int count)
    {
        using NetMQQueue<Action> queue = new();
        using NetMQPoller poller = [queue];
        RunWhatComes(queue);
        int left = count;
        Action posted = () =>
        {
            if (--left == 0) poller.StopAsync();
        };
        Thread[] producers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < count / threads; i++) queue.Enqueue(posted);
        }))];
        long start = Stopwatch.GetTimestamp();
        foreach (Thread producer in producers) producer.UnsafeStart();
        poller.Run();
        double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
        foreach (Thread producer in producers) producer.Join();
        return ns;
    }

    private static void RunWhatComes(NetMQQueue<Action> queue) => queue.ReceiveReady += (_, _) =>
    {
        while (queue.TryDequeue(out Action? action, TimeSpan.Zero)) action();
    };

    /// <summary>Added and removed on the poller's thread, where the poller takes them at once.</summary>
    private static double CancelTimers(int count)
    {
        uint random = 1;
        NetMQTimer[] timers = new NetMQTimer[count];
        for (int i = 0; i < count; i++)
            timers[i] = new NetMQTimer(TimeSpan.FromMilliseconds(1_000 + Xorshift.Next(ref random) % 3_600_000));
        return Rounds.Cpu(count, () => OnPoller(poller =>
        {
            foreach (NetMQTimer timer in timers) poller.Add(timer);
            foreach (NetMQTimer timer in timers) poller.Remove(timer);
            poller.StopAsync();
        }));
    }

    private static double FireTimers(int count)
    {
        uint random = 1;
        int left = count;
        return Rounds.Cpu(count, () => OnPoller(poller =>
        {
            for (int i = 0; i < count; i++)
            {
                NetMQTimer timer = new(TimeSpan.FromMilliseconds(1 + (Xorshift.Next(ref random) % 50)));
                timer.Elapsed += (_, args) =>
                {
                    args.Timer.Enable = false; // it would fire again; removing it here would break the poller's own walk over its timers
                    if (--left == 0) poller.StopAsync();
                };
                poller.Add(timer);
            }
        }));
    }

    private static void OnPoller(Action<NetMQPoller> first)
    {
        using NetMQQueue<Action> queue = new();
        using NetMQPoller poller = [queue];
        RunWhatComes(queue);
        queue.Enqueue(() => first(poller));
        poller.Run();
    }
}
