using System.Diagnostics;
using System.Globalization;
using ZmqLoop.Dashboard;
using ZmqLoop.Streams;

namespace ZmqLoop.PageCost;

/// <summary>What the live page costs a process with many streams: its processor time with the page open and closed, by turns.
/// ENGINE [IDLE] [ROUNDS] [SECONDS]: libzmq 5000 9 10. The page is read by a process of its own, whose time does not count.</summary>
internal static class Program
{
    private const int BusyEveryMilliseconds = 1;

    /// <summary>Until a look a second has been compiled for good.</summary>
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(100);

    /// <summary>After the last reader has gone looks go on for ten seconds.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(12);

    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["read", string url]:
                await ReadAsync(url);
                return 0;
            case ["libzmq" or "netmq", ..]:
                await MeasureAsync(args[0], Number(args, 1, 5000), Number(args, 2, 9), TimeSpan.FromSeconds(Number(args, 3, 10)));
                Environment.Exit(0); // without closing thousands of sockets first
                return 0;
            default:
                await Console.Error.WriteLineAsync("libzmq|netmq [IDLE STREAMS] [ROUNDS] [SECONDS]");
                return 2;
        }
    }

    private static int Number(string[] args, int index, int usual) =>
        index < args.Length ? int.Parse(args[index], CultureInfo.InvariantCulture) : usual;

    private static Process Read(string url) => Process.Start(Environment.ProcessPath!, ["read", url]);

    private static async Task EndAsync(Process reader, TimeSpan time)
    {
        await Task.Delay(time);
        reader.Kill();
        await reader.WaitForExitAsync();
    }

    private static async Task ReadAsync(string url)
    {
        using HttpClient client = new() { Timeout = Timeout.InfiniteTimeSpan };
        await using Stream events = await client.GetStreamAsync(new Uri(url));
        await events.CopyToAsync(Stream.Null);
    }

    private static async Task MeasureAsync(string engineName, int idle, int rounds, TimeSpan time)
    {
        ZMQEngine engine = engineName == "libzmq" ? new LibZmqEngine() : new NetMQEngine(new NetMQEngineOptions { MaxSockets = 65535 });
        IOLoopThread thread = IOLoopThread.Start(() => new ZMQIOLoop(engine, new IOLoopOptions { Name = "many" }));
        PeriodicCallback? traffic = null;
        await thread.Loop.InvokeAsync(() => traffic = OpenStreams(engine, thread.Loop, idle));
        DashboardServer dashboard = await DashboardServer.StartAsync(port: 0);
        string events = new Uri(dashboard.Address, "events?streams=50&filter=").ToString(); // as the page asks
        using (Process first = Read(events)) await EndAsync(first, _warmUp);
        List<double> costs = [];
        for (int round = 1; round <= rounds; round++)
        {
            double closed = await CpuAsync(_settled, time);
            using Process reader = Read(events);
            double open = await CpuAsync(_settled, time);
            await EndAsync(reader, TimeSpan.Zero);
            costs.Add(open - closed);
            Console.WriteLine(FormattableString.Invariant(
                $"{round}: closed {closed:P2}, open {open:P2} of a processor; more by {open - closed:P2}"));
        }

        await thread.Loop.InvokeAsync(() => traffic!.Stop());
        costs.Sort();
        Console.WriteLine(FormattableString.Invariant(
            $"page {costs[costs.Count / 2]:P2} (median; {costs[0]:P2} to {costs[^1]:P2}) of a processor beside {idle} idle streams"));
    }

    /// <summary>Which part of one processor the whole process takes.</summary>
    private static async Task<double> CpuAsync(TimeSpan before, TimeSpan time)
    {
        await Task.Delay(before);
        TimeSpan taken = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(time);
        return (Environment.CpuUsage.TotalTime - taken) / Stopwatch.GetElapsedTime(start);
    }

    private static PeriodicCallback OpenStreams(ZMQEngine engine, IOLoop loop, int idle)
    {
        for (int i = 0; i <= idle; i++)
        {
            ZMQStream stream = new(engine.CreateSocket(SocketType.Pair), loop, new ZMQStreamOptions { Name = $"client {i}" });
            stream.Bind($"inproc://{i}");
            stream.OnRecv(static _ => { }, copy: false);
        }

        ZMQStream busy = new(engine.CreateSocket(SocketType.Pair), loop, new ZMQStreamOptions { Name = "busy" });
        busy.Connect($"inproc://{idle}");
        PeriodicCallback traffic = new(() => busy.Send("x"), BusyEveryMilliseconds, loop);
        traffic.Start();
        return traffic;
    }
}
