using System.Diagnostics;
using System.Globalization;

namespace ZmqLoop.Benchmarks;

/// <summary>Our side of bench/compare.sh: the same work as bench/peers, printed as nanoseconds per operation.</summary>
internal static class Peer
{
    // The numbers are those of bench/peers/*.c.
    private const int Rounds = 5;
    private const int Callbacks = 5_000_000;
    private const int Batch = 1_000;
    private const int Turns = 500_000;
    private const int Cancelled = 1_000_000;
    private const int Fired = 100_000;
    private const int Posts = 1_000_000;
    private const int Wakes = 20_000;
    private const int Messages = 1_000_000;
    private const int Trips = 30_000;

    private static readonly Action _nothing = static () => { };
    private static readonly TimeoutHandle[] _handles = new TimeoutHandle[Cancelled]; // the caller's, as C's timers are

    public static int Run(string[] work)
    {
        switch (work)
        {
            case ["callbacks"]:
                PrintMedian(() => Chains(Batch, Callbacks));
                break;
            case ["bare"]: // no peer has it: callbacks on a queue without contexts
                PrintMedian(BareChains);
                break;
            case ["wrap", string depth]: // a wrapped callback's call in that many contexts
                PrintMedian(() => CallWrapped(int.Parse(depth, CultureInfo.InvariantCulture)));
                break;
            case ["chain"]:
                PrintMedian(() => Chains(1, Turns));
                break;
            case ["timers-cancel"]:
                PrintMedian(CancelTimers);
                break;
            case ["timers-fire"]:
                PrintMedian(FireTimers);
                break;
            case ["posts1"]:
                PrintMedian(() => Post(1));
                break;
            case ["posts4"]:
                PrintMedian(() => Post(4));
                break;
            case ["idle", string count]:
                WakeBesideIdle(int.Parse(count, CultureInfo.InvariantCulture));
                break;
            case ["receive", string endpoint]:
                Receive(endpoint);
                break;
            case ["echo", string endpoint]:
                Echo(endpoint);
                break;
            default:
                Console.Error.WriteLine("peer callbacks|bare|wrap N|chain|timers-cancel|timers-fire|posts1|posts4|idle N|receive ENDPOINT|echo ENDPOINT");
                return 2;
        }

        return 0;
    }

    /// <summary>The median round. As many rounds come first, with a pause, in which the code is compiled for good.</summary>
    private static void PrintMedian(Func<double> round)
    {
        for (int i = 0; i < Rounds; i++)
        {
            round();
            Thread.Sleep(120); // compiling for good begins when 100 ms brought nothing new to compile
        }

        double[] ns = [.. Enumerable.Range(0, Rounds).Select(_ => round()).Order()];
        Print(ns[Rounds / 2]);
    }

    private static void Print(double nanoseconds) => Console.WriteLine(nanoseconds.ToString("F1", CultureInfo.InvariantCulture));

    private static double Per(long start, int operations) => Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;

    /// <summary>For what one thread does without ever waiting: its processor time, which a loaded machine disturbs less than the clock's.</summary>
    private static double PerCpu(double start, int operations) => (ThreadClock.Nanoseconds - start) / operations;

    private static double WithLoop(Func<ZMQEngine, ZMQIOLoop, double> work)
    {
        using var engine = new LibZmqEngine();
        using var loop = new ZMQIOLoop(engine, new IOLoopOptions { MakeCurrent = false });
        return work(engine, loop);
    }

    /// <summary>Callbacks that add themselves again, <paramref name="width"/> a turn.</summary>
    private static double Chains(int width, int callbacks) => WithLoop((_, loop) =>
    {
        int left = callbacks;
        Action hop = null!;
        hop = () =>
        {
            if (--left == 0) loop.Stop();
            loop.AddCallback(hop);
        };
        for (int i = 0; i < width; i++) loop.AddCallback(hop);
        double start = ThreadClock.Nanoseconds;
        loop.Start();
        return PerCpu(start, callbacks);
    });

    private static double BareChains()
    {
        var queue = new BareQueue();
        int left = Callbacks;
        Action hop = null!;
        hop = () =>
        {
            if (--left == 0) queue.Stopped = true;
            queue.Add(hop);
        };
        for (int i = 0; i < Batch; i++) queue.Add(hop);
        double start = ThreadClock.Nanoseconds;
        queue.Run();
        return PerCpu(start, Callbacks);
    }

    private static double CallWrapped(int depth)
    {
        Action call = Wrap(depth);
        double start = ThreadClock.Nanoseconds;
        for (int i = 0; i < Turns; i++) call();
        return PerCpu(start, Turns);

        static Action Wrap(int depth) => depth == 0
            ? StackContext.Wrap(_nothing)
            : new StackContext(static () => new WrapBenchmarks.Instance()).Run(() => Wrap(depth - 1))!;
    }

    private static double CancelTimers() => WithLoop((_, loop) =>
    {
        uint random = 1;
        TimeoutHandle[] handles = _handles;
        double start = ThreadClock.Nanoseconds;
        for (int i = 0; i < Cancelled; i++) handles[i] = loop.CallLater(TimeSpan.FromMilliseconds(1_000 + Xorshift.Next(ref random) % 3_600_000), _nothing);
        for (int i = 0; i < Cancelled; i++) loop.RemoveTimeout(handles[i]);
        return PerCpu(start, Cancelled);
    });

    /// <summary>All are due, at different times, when the loop begins: the time between is not counted.</summary>
    private static double FireTimers() => WithLoop((_, loop) =>
    {
        uint random = 1;
        int left = Fired;
        Action fired = () =>
        {
            if (--left == 0) loop.Stop();
        };
        double start = ThreadClock.Nanoseconds;
        for (int i = 0; i < Fired; i++) loop.CallLater(TimeSpan.FromMilliseconds(Xorshift.Next(ref random) % 50), fired);
        double added = PerCpu(start, Fired);
        Thread.Sleep(60);
        start = ThreadClock.Nanoseconds;
        loop.Start();
        return added + PerCpu(start, Fired);
    });

    private static double Post(int threads) => WithLoop((_, loop) =>
    {
        int left = Posts;
        Action count = () =>
        {
            if (--left == 0) loop.Stop();
        };
        long start = Stopwatch.GetTimestamp();
        PostBenchmarks.Run(loop, count, ref left, Posts, threads);
        return Per(start, Posts);
    });

    private static void WakeBesideIdle(int idle)
    {
        using var sockets = new IdleSockets(idle, PollerKind.Epoll);
        PrintMedian(() =>
        {
            double start = ThreadClock.Nanoseconds;
            sockets.Run(Wakes);
            return PerCpu(start, Wakes);
        });
    }

    private static void Receive(string endpoint) => Print(WithLoop((engine, loop) =>
    {
        using ZMQSocket socket = engine.CreateSocket(SocketType.Pull);
        socket.ReceiveHighWaterMark = 0;
        socket.Bind(endpoint);
        Message message = new();
        int left = 2 * Messages;
        long start = 0;
        loop.AddHandler(socket, (_, _) =>
        {
            while (socket.TryReceive(message))
            {
                if (--left == Messages) start = Stopwatch.GetTimestamp(); // those before only made the code compile for good
            }

            if (left == 0) loop.Stop();
        }, IOEvents.Read);
        loop.Start();
        return Per(start, Messages);
    }));

    /// <summary>Prints nothing: who asks measures.</summary>
    private static void Echo(string endpoint) => WithLoop((engine, loop) =>
    {
        using ZMQSocket socket = engine.CreateSocket(SocketType.Dealer);
        socket.Linger = TimeSpan.FromSeconds(1);
        socket.Bind(endpoint);
        Message message = new();
        int left = 2 * Trips;
        loop.AddHandler(socket, (_, _) =>
        {
            while (socket.TryReceive(message))
            {
                if (!socket.TrySend(message)) throw new InvalidOperationException("The socket is full.");
                if (--left == 0) loop.Stop();
            }
        }, IOEvents.Read);
        loop.Start();
        return 0;
    });
}
