using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>Everything that can be compared, in the order of the report. The peers that matter most to a case come first.</summary>
internal static class Catalogue
{
    private const int Nine = 9; // pairs, of what is so close to NetMQ's own that five could not tell them apart

    private const int Three = 3; // of what hardly varies, and takes long to begin

    private static readonly string[] _receivers =
    [
        Peers.ZmqPoll, Peers.PyzmqStream, Peers.ZeromqJs, Peers.BareC, Peers.PyzmqRecv,
        Peers.NetMQPoller, Peers.NetMQPollerOne, Peers.BareNetMQ,
    ];

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
        .. from size in (int[])[10, 100] select Plain(Receive("tcp", size, 1, Peers.NetMQPoller, Peers.NetMQPollerOne, Peers.BareNetMQ)),
        .. from size in (int[])[10, 100] select Copied(Plain(Receive("tcp", size, 1, Peers.BareNetMQ))),
        Awaited(Receive("tcp", 100, 1, Peers.ZeromqJs, Peers.ZmqPoll)),
        Receive("ipc", 100, 1, _receiversOfIpc) with { Ours = [Peers.OursOnLibzmq] },
        Receive("ipc", 1024, 1, _receiversOfIpc) with { Ours = [Peers.OursOnLibzmq] },
        .. from size in (int[])[10, 100, 1024] select Drain(size, 1), Drain(100, 3),
        Send("tcp", 100, 1),
        Send("tcp", 1024, 1),
        Send("tcp", 65536, 1),
        Send("tcp", 100, 3),
        Echo(),
        SpinningEcho(),
        InProcess("callbacks", "run callbacks, a thousand a turn", 200_000, 20_000, 20_000),
        InProcess("chain", "run callbacks, one a turn", 100_000, 5_000, 20_000),
        InProcess("posts-1", "post callbacks from another thread", 400_000, 20_000, 100_000),
        InProcess("posts-4", "post callbacks from four other threads", 400_000, 20_000, 100_000),
        InProcess("timers-fire", "add timers and run them", 100_000, 20_000, 2_000),
        InProcess("timers-cancel", "add timers and cancel them", 1_000_000, 20_000, 2_000),
        .. from depth in (int[])[0, 1, 3, 10] select Wrap(depth),
        .. from count in (int[])[10, 1_000, 5_000, 9_500] select Idle(count),
        .. from count in (int[])[10, 1_000, 5_000] select IdleOfUsers(count),
        Footprint("startup", Partner.Stopwatch, [], new("startup", "start, to the first message", "first", Unit.Milliseconds)),
        Footprint("memory", Partner.None, ["5000"], new("memory", "memory with 5,000 idle sockets", "kB", Unit.Mebibytes)) with
        {
            Pairs = Three,
        },
        Published("netmq", "NetMQ"),
        Published("libzmq", "libzmq"),
    ];

    /// <summary>What `--quick` runs.</summary>
    public static IReadOnlyList<string> Quick { get; } =
    [
        "recv-tcp-100-1", "send-tcp-100-1", "echo", "callbacks", "posts-1", "timers-fire", "timers-cancel", "wrap-1", "idle-5000", "memory",
    ];

    /// <summary>What `netmq` runs: the cases that say how we do beside NetMQ's own.</summary>
    public static IReadOnlyList<string> NetMQ { get; } =
    [
        "recv-tcp-10-1-plain", "recv-tcp-100-1-plain", "recv-tcp-10-1-plain-copy", "recv-tcp-100-1-plain-copy",
        "recv-tcp-100-1", "send-tcp-100-1", "echo",
        "callbacks", "posts-1", "timers-fire", "timers-cancel",
        "idle-10", "idle-1000", "idle-5000", "idle-10-users", "idle-1000-users", "idle-5000-users", "startup", "memory",
    ];

    private static IEnumerable<string> Names => All.SelectMany(static work => work.Cases).Select(static @case => @case.Name);

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
            if (meant.Count == 0) throw new ArgumentException($"There is no case '{pattern}'. The cases: {string.Join(' ', Names)}");
            chosen.UnionWith(meant);
        }

        return [.. All.Where(chosen.Contains)];
    }

    /// <summary>The work that a case is of, and the case.</summary>
    /// <returns>Null where there is none of that name any more.</returns>
    public static (Work Work, Case Case)? Find(string name)
    {
        foreach (Work work in All)
        {
            if (work.Cases.FirstOrDefault(@case => @case.Name == name) is { } found) return (work, found);
        }

        return null;
    }

    private static Work Receive(string transport, int size, int frames, params string[] peers) =>
        Messages("recv", $"receive {Kind(size, frames)} over {transport}", Partner.Sender, transport, size, frames, peers);

    private static Work Copied(Work work) => InAnotherWay(work, "copy", work.Cases[0].Text + ", to be kept");

    private static Work Awaited(Work work) => InAnotherWay(work, "await", work.Cases[0].Text + " by await");

    /// <summary>Without a context in force, as NetMQ's handlers are: what the engine and the stream cost.</summary>
    private static Work Plain(Work work) => InAnotherWay(work, "plain", work.Cases[0].Text + " in no context") with
    {
        Ours = [Peers.OursOnNetMQ],
        Pairs = Nine,
    };

    private static Work InAnotherWay(Work work, string way, string text) => work with
    {
        Name = $"{work.Name}-{way}",
        OurProgram = $"{work.OurProgram}-{way}",
        Cases = CasesOf($"{work.Name}-{way}", text),
    };

    private static Work Send(string transport, int size, int frames) =>
        Messages("send", $"send {Kind(size, frames)} over {transport}", Partner.Sink, transport, size, frames, _senders);

    /// <summary>Of large messages fewer may wait: 1,000 of 64 KiB are 64 MiB.</summary>
    private static Work Messages(string program, string text, Partner partner, string transport, int size, int frames, string[] peers)
    {
        string name = $"{program}-{transport}-{size}-{frames}";
        return new(
            name,
            program,
            partner,
            program,
            [EndpointOf(transport), $"{size}", $"{frames}", size > 1024 ? "1000" : "10000"],
            CasesOf(name, text),
            peers);
    }

    private static Case[] CasesOf(string name, string text) =>
        [new(name, text, "rate", Unit.Rate), new(name + "-cpu", text + ": the thread's processor time", "cpu", Unit.Nanoseconds)];

    private static string Kind(int size, int frames)
    {
        string length = size < 1024 ? $"{size}-byte" : $"{size / 1024}-KiB";
        return frames == 1 ? $"{length} messages" : $"messages of {frames} {length} frames";
    }

    private static string EndpointOf(string transport) => transport == "ipc" ? $"ipc://{Run.Folder}/socket" : "tcp://127.0.0.1:*";

    private static Work Echo()
    {
        Case median = new("echo-p50", "answer 100 bytes over tcp: the median round trip", "p50", Unit.Microseconds);
        Case late = new("echo-p99", "answer 100 bytes over tcp: the 99th percentile", "p99", Unit.Microseconds);
        string[] peers = [Peers.ZmqPoll, Peers.PyzmqStream, Peers.ZeromqJs, Peers.BareC, Peers.NetMQPoller];
        return new("echo", "echo", Partner.Asker, "echo", ["tcp://127.0.0.1:*"], [median, late], peers) { Pairs = Nine };
    }

    /// <summary>Where a processor is free, a loop may look again for a while before it sleeps.</summary>
    private static Work SpinningEcho()
    {
        const string Text = "answer 100 bytes over tcp, our loop looking for 50 µs before it sleeps: ";
        Case[] cases =
        [
            new("echo-spin-p50", Text + "the median round trip", "p50", Unit.Microseconds),
            new("echo-spin-p99", Text + "the 99th percentile", "p99", Unit.Microseconds),
            new("echo-spin-taken", Text + "what the process takes of processors", Run.Taken, Unit.Processors),
        ];
        return new("echo-spin", "echo", Partner.Asker, "echo", ["tcp://127.0.0.1:*"], cases, [Peers.ZmqPoll])
        {
            OurProgram = "echo-spin",
            Pairs = Nine,
        };
    }

    private static Work Drain(int size, int frames)
    {
        string name = $"recv-inproc-{size}-{frames}";
        string text = $"take {Kind(size, frames)} that wait (inproc): the thread's processor time";
        Case taken = new(name + "-cpu", text, "ns", Unit.Nanoseconds);
        return new(name, "recv", Partner.None, "drain", [$"{size}", $"{frames}"], [taken], _receiversOfInproc)
        {
            ArgumentsFor = static peer => [peer == Peers.PyzmqStream ? "1000" : "20000"],
        };
    }

    private static Work InProcess(string name, string text, int count, int countForPython, int countForNetMQ) =>
        new(name, "loop", Partner.None, name, [], [new(name, text, "ns", Unit.Nanoseconds)], _loops)
        {
            ArgumentsFor = peer => [$"{(peer == Peers.Libuv ? count : peer == Peers.NetMQPoller ? countForNetMQ : countForPython)}"],
        };

    private static Work Wrap(int depth)
    {
        Case call = new($"wrap-{depth}", $"call back in {depth} stack context{(depth == 1 ? "" : "s")}", "ns", Unit.Nanoseconds);
        return new(call.Name, "contexts", Partner.None, "wrap", [$"{depth}"], [call], [Peers.Tornado45])
        {
            Ours = [Peers.OursOnLibzmq], // no engine has a part in it
        };
    }

    private static Work Idle(int count)
    {
        Case wake = new($"idle-{count}", $"one message beside {Grouped(count)} idle sockets", "ns", Unit.Microseconds);
        string[] peers = [Peers.ZmqPoll, Peers.PyzmqStream, Peers.CEpoll, Peers.NetMQPoller];
        Work work = new(wake.Name, "idle", Partner.None, "idle", [$"{count}"], [wake], peers) { Pairs = PairsBeside(count) };
        if (count <= 5_000) return work;
        // NetMQ's sockets are connections to themselves, whose ports the kernel keeps: a second run finds too few.
        return work with { Ours = [Peers.OursOnLibzmq], Peers = [Peers.ZmqPoll, Peers.CEpoll] };
    }

    /// <summary>Sockets that the application made with NetMQ, and uses itself as well.</summary>
    private static Work IdleOfUsers(int count)
    {
        string text = $"one message beside {Grouped(count)} idle NetMQ sockets of your own";
        Case wake = new($"idle-{count}-users", text, "ns", Unit.Microseconds);
        return new(wake.Name, "idle", Partner.None, "idle", [$"{count}"], [wake], [Peers.NetMQPoller])
        {
            OurProgram = "idle-users",
            Ours = [Peers.OursOnNetMQ],
            Pairs = PairsBeside(count),
        };
    }

    private static int? PairsBeside(int count) => count < 5_000 ? null : Three;

    private static Work Footprint(string name, Partner partner, string[] arguments, Case @case) =>
        new(name, "footprint", partner, name, arguments, [@case], _services) { IsWarm = false };

    /// <summary>README's program as strangers publish it; that which needs .NET installed is compared with those that do not.</summary>
    private static Work Published(string engine, string library)
    {
        string name = $"published-{engine}";
        string text = $"README's program on {library}";
        Case[] cases =
        [
            new($"{name}-start", text + ": from its start until it serves", "start", Unit.Milliseconds),
            new($"{name}-memory", text + ": resident memory then", "memory", Unit.Mebibytes),
            new($"{name}-size", text + ": its files", "size", Unit.Mebibytes),
        ];
        string[] peers = [.. ((string[])["trimmed", "ready", "native"]).Select(way => Peers.Published(way, engine))];
        return new(name, "footprint", Partner.Observer, "tcp://127.0.0.1:*", [], cases, peers) // its only argument
        {
            IsWarm = false,
            Ours = [Peers.Published("jit", engine)],
        };
    }

    private static string Grouped(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
