using System.Diagnostics;

namespace ZmqLoop.Benchmarks;

/// <summary>Callbacks, posts, timers and contexts: what bench/peers/uv_peer.c and loop_peer.py do.</summary>
internal static class LoopWork
{
    private const int Batch = 1_000;
    private const int Calls = 100_000;

    private static readonly Action _nothing = static () => { };

    public static void Run(Func<ZMQEngine> create, string work, double seconds, int count)
    {
        var handles = new TimeoutHandle[count]; // the caller's, as C's timers are
        Rounds.PrintMedian(seconds, () =>
        {
            using ZMQEngine engine = create();
            using var loop = new ZMQIOLoop(engine, new IOLoopOptions { MakeCurrent = false });
            return work switch
            {
                "callbacks" => Chains(loop, Batch, count),
                "chain" => Chains(loop, 1, count),
                "timers-cancel" => CancelTimers(loop, handles),
                "timers-fire" => FireTimers(loop, count),
                "posts-1" => Post(loop, 1, count),
                _ => Post(loop, 4, count),
            };
        });
    }

    /// <summary>How late timers of 0.1 to 3 ms are, one at a time in an idle loop.</summary>
    public static void PrintLate(Func<ZMQEngine> create, double seconds, bool isExact)
    {
        using ZMQEngine engine = create();
        using var loop = new ZMQIOLoop(engine, new IOLoopOptions { ExactTimers = isExact });
        List<double> late = [];
        uint random = 1;
        long due = 0;
        long end = Stopwatch.GetTimestamp() + (long)(seconds * Stopwatch.Frequency);
        Next();
        loop.Start();
        late.Sort();
        Rounds.Print("p50", late[late.Count / 2]);
        Rounds.Print("p99", late[late.Count * 99 / 100]);

        void Next()
        {
            TimeSpan delay = TimeSpan.FromMicroseconds(100 + (Xorshift.Next(ref random) % 2_900));
            due = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
            loop.CallLater(delay, () =>
            {
                long now = Stopwatch.GetTimestamp();
                late.Add((now - due) * 1e9 / Stopwatch.Frequency);
                if (now < end) Next();
                else loop.Stop();
            });
        }
    }

    /// <summary>A wrapped callback's call in so many contexts.</summary>
    public static void Wrap(double seconds, int depth)
    {
        Action call = Wrapped(depth);
        Rounds.PrintMedian(seconds, () => Rounds.Cpu(Calls, () =>
        {
            for (int i = 0; i < Calls; i++) call();
        }));

        static Action Wrapped(int depth) => depth == 0
            ? StackContext.Wrap(_nothing)
            : new StackContext(static () => new WrapBenchmarks.Instance()).Run(() => Wrapped(depth - 1))!;
    }

    /// <summary>Callbacks that add themselves again, <paramref name="width"/> a turn.</summary>
    private static double Chains(ZMQIOLoop loop, int width, int callbacks)
    {
        int left = callbacks;
        Action hop = null!;
        hop = () =>
        {
            if (--left == 0) loop.Stop();
            loop.AddCallback(hop);
        };
        for (int i = 0; i < width; i++) loop.AddCallback(hop);
        return Rounds.Cpu(callbacks, loop.Start);
    }

    private static double CancelTimers(ZMQIOLoop loop, TimeoutHandle[] handles)
    {
        uint random = 1;
        return Rounds.Cpu(handles.Length, () =>
        {
            for (int i = 0; i < handles.Length; i++)
                handles[i] = loop.CallLater(TimeSpan.FromMilliseconds(1_000 + Xorshift.Next(ref random) % 3_600_000), _nothing);
            foreach (TimeoutHandle handle in handles) loop.RemoveTimeout(handle);
        });
    }

    /// <summary>All are due, at different times, when the loop begins: the time between is not counted.</summary>
    private static double FireTimers(ZMQIOLoop loop, int count)
    {
        uint random = 1;
        int left = count;
        Action fired = () =>
        {
            if (--left == 0) loop.Stop();
        };
        double added = Rounds.Cpu(count, () =>
        {
            for (int i = 0; i < count; i++) loop.CallLater(TimeSpan.FromMilliseconds(Xorshift.Next(ref random) % 50), fired);
        });
        Thread.Sleep(60);
        return added + Rounds.Cpu(count, loop.Start);
    }

    private static double Post(ZMQIOLoop loop, int threads, int count)
    {
        int left = count;
        Action posted = () =>
        {
            if (--left == 0) loop.Stop();
        };
        long start = Stopwatch.GetTimestamp();
        PostBenchmarks.Run(loop, posted, ref left, count, threads);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }
}
