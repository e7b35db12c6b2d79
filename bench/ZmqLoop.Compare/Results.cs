namespace ZmqLoop.Compare;

/// <summary>What was kept, as files: compare.json, compare.md, netmq.md, a picture for each family, and one of what matters most.</summary>
internal static class Results
{
    private static readonly Dictionary<string, (string Title, string Picture)> _families = new(StringComparer.Ordinal)
    {
        ["recv"] = ("Receiving: messages per second, and the receiving thread's processor time per message (-cpu)", "Receiving"),
        ["send"] = ("Sending through the queue: messages per second, and the sending thread's processor time (-cpu)", "Sending"),
        ["echo"] = ("Round trips of 100 bytes over tcp: median and 99th percentile", "Round trips"),
        ["loop"] = ("The loop: callbacks, posts from other threads, timers", "The loop"),
        ["contexts"] = ("A wrapped callback's call in 0, 1, 3 and 10 contexts", "Contexts"),
        ["idle"] = ("One message beside 10, 1,000, 5,000 and 9,500 idle sockets", "Idle sockets"),
        ["footprint"] = ("Time to the first message, memory with 5,000 idle sockets; README's program, published", "Start and memory"),
    };

    /// <summary>What the first picture shows: of each case, against whom. Not the programs that do without a loop.</summary>
    private static readonly string[] _overview =
        ["recv-tcp-100-1-cpu", "send-tcp-100-1", "echo-p50", "callbacks", "posts-1", "timers-cancel", "wrap-1", "idle-5000", "memory"];

    private static readonly string[] _notInOverview = [Peers.PyzmqRecv, Peers.BareC, Peers.BareNetMQ, Peers.CEpoll];

    private const string Head = """
        # Side by side

        Written by `./build.sh compare`; [bench/README.md](../README.md) says how to read it. Of each comparison, the last figures that
        were taken while the machine was quiet.

        """;

    private const string HeadOfNetMQ = """
        # The loop over NetMQ, and NetMQ's own poller

        Written by `./build.sh compare` or, for these figures alone, `./build.sh compare netmq`. [bench/README.md](../README.md) says how
        to read it, [designs.md](designs.md) why the figures are what they are.

        `ours-netmq` is this library on NetMQ, `ours` on libzmq. `netmq-poller` is NetMQPoller with a ReceiveReady handler that takes all
        that is there, `netmq-poller-one` with one receive an event, as NetMQ's documentation shows it; `netmq-bare` is a thread that does
        nothing but blocking calls.

        """;

    public static void Write(string folder, Archive archive)
    {
        Directory.CreateDirectory(folder);
        archive.Save(FileIn(folder));
        Kept[] all = [.. archive.Comparisons];
        File.WriteAllText(Path.Combine(folder, "compare.md"), Page([Head, .. Runs(archive, all)], all));
        Kept[] onNetMQ = [.. all.Where(static kept => Peers.IsNetMQ(kept.Comparison.Peer))];
        File.WriteAllText(
            Path.Combine(folder, "netmq.md"),
            Page([HeadOfNetMQ, .. Runs(archive, onNetMQ), .. Wanted(archive)], onNetMQ, pictures: false));
        foreach (var family in all.GroupBy(static kept => kept.Comparison.Family))
            File.WriteAllText(Path.Combine(folder, family.Key + ".svg"), BarChart.Draw(_families[family.Key].Picture, Drawn(family)));
        File.WriteAllText(
            Path.Combine(folder, "overview.svg"),
            BarChart.Draw("ZmqLoop beside others", Drawn(all.Where(static kept => IsInOverview(kept.Comparison)))));
    }

    public static string FileIn(string folder) => Path.Combine(folder, "compare.json");

    /// <summary>What was kept of our engines against others; not with each other, which the two bars show.</summary>
    private static IReadOnlyList<Comparison> Drawn(IEnumerable<Kept> kept) =>
        [.. kept.Select(static one => one.Comparison).Where(static comparison => comparison.IsKept
            && Peers.IsOurs(comparison.Side) && !Peers.IsOurs(comparison.Peer))];

    /// <summary>Sending has no other peers.</summary>
    private static bool IsInOverview(Comparison comparison) =>
        _overview.Contains(comparison.Case.Name) && (comparison.Family == "send" || !_notInOverview.Contains(comparison.Peer));

    private static string Page(IEnumerable<string> head, Kept[] kept, bool pictures = true)
    {
        List<string> lines = [.. head];
        foreach (var family in kept.GroupBy(static one => one.Comparison.Family))
        {
            lines.AddRange(["", $"## {_families[family.Key].Title}", ""]);
            if (pictures) lines.AddRange([$"![]({family.Key}.svg)", ""]);
            lines.AddRange(Report.Table(family));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static IEnumerable<string> Runs(Archive archive, Kept[] kept) =>
        from run in archive.Runs
        where kept.Any(one => one.Date == run.Date)
        select $"* {run.Date}, commit {run.Commit}, `{run.Command}`: {run.Machine}.";

    private static IEnumerable<string> Wanted(Archive archive) =>
    [
        "", "## What is wanted", "", "Computed from the tables below; ratios are the median of the rounds' own.", "",
        .. Report.Table(new Claims(archive).All),
    ];
}
