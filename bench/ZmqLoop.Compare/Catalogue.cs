namespace ZmqLoop.Compare;

/// <summary>Everything that can be compared, in the order of the report. The peers that matter most to a case come first.</summary>
internal static class Catalogue
{
    private static readonly string[] _receivers =
        [Peers.ZmqPoll, Peers.PyzmqStream, Peers.ZeromqJs, Peers.BareC, Peers.PyzmqRecv, Peers.NetMQPoller, Peers.BareNetMQ];

    // NetMQ has no ipc, and nobody but libzmq's own has an inproc that a thread could fill for it.
    private static readonly string[] _receiversOfIpc = [Peers.ZmqPoll, Peers.PyzmqStream, Peers.ZeromqJs, Peers.BareC, Peers.PyzmqRecv];
    private static readonly string[] _receiversOfInproc = [Peers.ZmqPoll, Peers.PyzmqStream, Peers.BareC, Peers.PyzmqRecv];
    private static readonly string[] _senders = [Peers.BareC, Peers.PyzmqStream, Peers.ZeromqJs, Peers.BareNetMQ];
    private static readonly string[] _loops = [Peers.Libuv, Peers.Asyncio, Peers.Tornado, Peers.NetMQPoller];
    private static readonly string[] _services = [Peers.ZmqPoll, Peers.PyzmqStream, Peers.ZeromqJs, Peers.NetMQPoller];

    public static IReadOnlyList<Work> All { get; } =
    [
        .. from size in (int[])[10, 100, 1024, 65536] select Receive("tcp", size, 1, _receivers),
        Receive("tcp", 10, 3, Peers.ZmqPoll),
        Receive("tcp", 100, 3, Peers.ZmqPoll, Peers.PyzmqStream, Peers.ZeromqJs),
        Receive("tcp", 1024, 3, Peers.ZmqPoll),
        Receive("tcp", 65536, 3, Peers.ZmqPoll),
        .. from size in (int[])[10, 100, 1024, 65536] select Copied(Receive("tcp", size, 1, Peers.ZmqPoll)),
        Awaited(Receive("tcp", 100, 1, Peers.ZeromqJs, Peers.ZmqPoll)),
        Receive("ipc", 100, 1, _receiversOfIpc),
        Receive("ipc", 1024, 1, _receiversOfIpc),
        .. from size in (int[])[10, 100, 1024] select Drain(size, 1),
        Send("tcp", 100, 1),
        Send("tcp", 1024, 1),
        Send("tcp", 65536, 1),
        Send("tcp", 100, 3),
        new("echo", "echo", Partner.Asker, "echo", ["tcp://127.0.0.1:*"],
            [new("echo-p50", "p50", Unit.Microseconds), new("echo-p99", "p99", Unit.Microseconds)],
            [Peers.ZmqPoll, Peers.PyzmqStream, Peers.ZeromqJs, Peers.BareC, Peers.NetMQPoller]),
        InProcess("callbacks", 200_000, 20_000, 20_000),
        InProcess("chain", 100_000, 5_000, 20_000),
        InProcess("posts-1", 400_000, 20_000, 100_000),
        InProcess("posts-4", 400_000, 20_000, 100_000),
        InProcess("timers-fire", 100_000, 20_000, 2_000),
        InProcess("timers-cancel", 1_000_000, 20_000, 2_000),
        .. from depth in (int[])[0, 1, 3, 10] select Wrap(depth),
        .. from count in (int[])[10, 1_000, 5_000] select Idle(count),
        new("startup", "footprint", Partner.Stopwatch, "startup", [], [new("startup", "first", Unit.Milliseconds)], _services) { IsWarm = false },
        new("memory", "footprint", Partner.None, "memory", ["5000"], [new("memory", "kB", Unit.Mebibytes)], _services) { IsWarm = false },
    ];

    /// <summary>What `--quick` runs.</summary>
    public static IReadOnlyList<string> Quick { get; } =
        ["recv-tcp-100-1", "recv-tcp-1024-1", "send-tcp-100-1", "echo", "callbacks", "posts-1", "timers-fire", "timers-cancel", "wrap-1", "idle-5000", "memory"];

    /// <summary>The works that these patterns name; all of them where there are none.</summary>
    /// <exception cref="ArgumentException">A pattern names nothing.</exception>
    public static IReadOnlyList<Work> Select(IReadOnlyList<string> patterns)
    {
        if (patterns.Count == 0) return All;
        HashSet<Work> chosen = [];
        foreach (string pattern in patterns)
        {
            List<Work> meant = [.. All.Where(work => work.IsMeantBy(pattern, exactly: true))];
            if (meant.Count == 0) meant.AddRange(All.Where(work => work.IsMeantBy(pattern, exactly: false)));
            if (meant.Count == 0) throw new ArgumentException($"There is no case '{pattern}'. The cases: {string.Join(' ', All.SelectMany(static work => work.Cases).Select(static @case => @case.Name))}");
            chosen.UnionWith(meant);
        }

        return [.. All.Where(chosen.Contains)];
    }

    private static Work Receive(string transport, int size, int frames, params string[] peers) =>
        Messages($"recv-{transport}-{size}-{frames}", "recv", Partner.Sender, EndpointOf(transport), size, frames, peers);

    private static Work Copied(Work work) => InAnotherWay(work, "copy");

    private static Work Awaited(Work work) => InAnotherWay(work, "await");

    private static Work InAnotherWay(Work work, string way) =>
        work with { Name = $"{work.Name}-{way}", OurProgram = $"recv-{way}", Cases = CasesOf($"{work.Name}-{way}") };

    private static Work Send(string transport, int size, int frames) =>
        Messages($"send-{transport}-{size}-{frames}", "send", Partner.Sink, EndpointOf(transport), size, frames, _senders);

    /// <summary>Of large messages fewer may wait: 1,000 of 64 KiB are 64 MiB.</summary>
    private static Work Messages(string name, string program, Partner partner, string endpoint, int size, int frames, string[] peers) =>
        new(name, program, partner, program, [endpoint, $"{size}", $"{frames}", size > 1024 ? "1000" : "10000"], CasesOf(name), peers);

    private static Case[] CasesOf(string name) => [new(name, "rate", Unit.Rate), new(name + "-cpu", "cpu", Unit.Nanoseconds)];

    private static string EndpointOf(string transport) => transport == "ipc" ? $"ipc://{Run.Folder}/socket" : "tcp://127.0.0.1:*";

    private static Work Drain(int size, int frames)
    {
        string name = $"recv-inproc-{size}-{frames}";
        return new(name, "recv", Partner.None, "drain", [$"{size}", $"{frames}"], [new(name + "-cpu", "ns", Unit.Nanoseconds)], _receiversOfInproc)
        {
            ArgumentsFor = peer => [peer == Peers.PyzmqStream ? "1000" : "20000"],
        };
    }

    private static Work InProcess(string name, int count, int countForPython, int countForNetMQ) =>
        new(name, "loop", Partner.None, name, [], [new(name, "ns", Unit.Nanoseconds)], _loops)
        {
            ArgumentsFor = peer => [$"{(peer == Peers.Libuv ? count : peer == Peers.NetMQPoller ? countForNetMQ : countForPython)}"],
        };

    private static Work Wrap(int depth) =>
        new($"wrap-{depth}", "contexts", Partner.None, "wrap", [$"{depth}"], [new($"wrap-{depth}", "ns", Unit.Nanoseconds)], [Peers.Tornado45]);

    private static Work Idle(int count) =>
        new($"idle-{count}", "idle", Partner.None, "idle", [$"{count}"], [new($"idle-{count}", "ns", Unit.Microseconds)], [Peers.ZmqPoll, Peers.PyzmqStream, Peers.CEpoll, Peers.NetMQPoller]);
}
