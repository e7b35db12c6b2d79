using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary><c>zmqloop top</c> before a page whose data the test makes.</summary>
public sealed class TopTests
{
    private const string Narrow = "24 40";
    private const string Wide = "24 200";

    // With what a terminal would obey, and what Spectre.Console would, in its names.
    private const string Stream = "orders\\u001b[31m[red]";
    private const string Shown = "orders\\x1b["; // what has room in one line of a narrow terminal

    private const string Stuck =
        """{"severity":"critical","title":"A handler of 'orders' is stuck.","action":"See what it [bold]waits[/] for."}""";

    [Fact]
    public async Task It_shows_what_is_wrong_first_and_names_that_do_nothing()
    {
        using SnapshotServer server = new() { Text = Snapshot(Stuck) };
        string shown = (await ToolProcess.RunAsync(["top", server.Address, "--once"])).With(0).Output;
        Assert.True(shown.IndexOf("is stuck", StringComparison.Ordinal) < shown.IndexOf("main", StringComparison.Ordinal), shown);
        foreach (string expected in (string[])["shop", "1,234 received/s", "ROUTER", "12 s", "25%"])
            Assert.Contains(expected, shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', shown);
    }

    [Fact]
    public async Task It_shows_rules_ages_and_how_much_it_leaves_out()
    {
        string peers = string.Join(',', Enumerable.Repeat(
            """{"endpoint":"tcp://10.0.0.7:5000","owner":"orders","since":"2026-01-01T00:00:00.1234567+00:00"}""", 12));
        string text = Snapshot(Stuck.Replace("\"title\"", "\"rule\":\"stuck-handler\",\"title\"", StringComparison.Ordinal))
            .Replace("\"peers\":[],\"peerCount\":0", $"\"time\":\"2026-01-01T00:00:03Z\",\"note\":\"Looked at for 1 s so far.\","
                + $"\"streamCount\":6,\"peers\":[{peers}],\"peerCount\":12", StringComparison.Ordinal);
        using SnapshotServer server = new() { Text = text };
        string shown = (await ToolProcess.RunAsync(["top", server.Address, "--once"])).With(0).Output;
        string[] all = ["[stuck-handler]", "and 5 more streams", "and 2 more peers", "Looked at for 1 s so far.", " 3 s"];
        foreach (string expected in all)
            Assert.Contains(expected, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567", shown, StringComparison.Ordinal);
        Assert.Contains("orders\\x1b[31m[red]", shown, StringComparison.Ordinal); // in one line of 80 columns
    }

    [Fact]
    public async Task It_shows_proxies_and_what_they_are_about()
    {
        const string proxies = """
            "proxies":[{"title":"orders to [workers]","inPerSecond":1200,"outPerSecond":7,"isPaused":false,"isHeldUp":true,
            "heldUpSeconds":12,"unroutable":3,"oversized":2,"captureDropped":4},
            {"title":"idle","isPaused":true,"isHeldUp":false},{"isPaused":"soup","unroutable":"soup"},7],
            """;
        using SnapshotServer server = new()
        {
            Text = Snapshot().Replace("\"peers\":[]", proxies + "\"peers\":[]", StringComparison.Ordinal),
        };
        string shown = (await ToolProcess.RunAsync(["top", server.Address, "--once"])).With(0).Output;
        Assert.Matches(@"orders to \[workers\] +1,200 +7 +held up for 12 s +9\s", shown);
        Assert.Matches(@"idle +paused +0\s", shown);
    }

    [Theory]
    [InlineData("{\"version\":2}", 200, "version 2")]
    [InlineData("soup", 200, "no snapshot")]
    [InlineData("{\"version\":1,\"version\":1}", 200, "no snapshot")]
    [InlineData("use a tunnel", 403, "answered 403: use a tunnel")]
    public async Task What_is_no_snapshot_is_said_in_one_line(string answer, int status, string expected)
    {
        using SnapshotServer server = new() { Text = answer, Status = status };
        Ending ending = (await ToolProcess.RunAsync(["top", server.Address, "--once"])).With(1);
        Assert.Contains(expected, ending.OneLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"process":[],"totals":7,"findings":[1,null,{"title":{}}],"loops":{},"streams":["a",{"queued":"b"}]}""")]
    public async Task What_a_stranger_serves_in_its_place_is_left_out(string answer)
    {
        using SnapshotServer server = new() { Text = answer };
        Assert.Contains("stream", (await ToolProcess.RunAsync(["top", server.Address, "--once"])).With(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_serves_it_says_so()
    {
        using SnapshotServer server = new();
        server.Stop();
        using TerminalProcess terminal = Start(server, Wide);
        Ending ending = (await terminal.EndAsync()).With(1);
        Assert.Contains("does not answer", ending.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[?1049h", ending.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Narrow)]
    [InlineData(Wide)]
    public async Task In_a_terminal_it_follows_until_a_key_and_leaves_it_as_it_was(string size)
    {
        using SnapshotServer server = new() { Text = Snapshot() };
        using TerminalProcess terminal = Start(server, size);
        await terminal.WaitAsync(shown => Frame(shown, size) is { } frame && frame.Contains(Shown, StringComparison.Ordinal)
            && frame.Contains("main", StringComparison.Ordinal));
        foreach (string inWide in (string[])["ROUTER", "4,711"]) // what it is, and how many requests are in flight
            Assert.Equal(size == Wide, Frame(terminal.Shown, size)!.Contains(inWide, StringComparison.Ordinal));
        server.Text = Snapshot(Stuck);
        await terminal.WaitAsync(shown => Frame(shown, size) is { } frame
            && Flat(frame).Contains("critical:Ahandlerof'orders'isstuck.Seewhatit[bold]waits[/]for.", StringComparison.Ordinal));
        await EndAsync(terminal, "type q\n", 0);
    }

    [Fact]
    public async Task A_service_that_goes_and_comes_back_is_told_of()
    {
        using SnapshotServer server = new() { Text = Snapshot(Stuck) };
        using TerminalProcess terminal = Start(server, Wide);
        await terminal.WaitForAsync("is stuck");
        server.Stop();
        await terminal.WaitAsync(static shown => Frame(shown, Wide) is { } frame && frame.Contains("old.", StringComparison.Ordinal)
            && frame.Contains("does not answer", StringComparison.Ordinal) && frame.Contains("is stuck", StringComparison.Ordinal));
        server.Text = Snapshot();
        server.Start();
        await terminal.WaitAsync(static shown => Frame(shown, Wide) is { } frame
            && frame.Contains("answers again", StringComparison.Ordinal)
            && !frame.Contains("old.", StringComparison.Ordinal) && !frame.Contains("is stuck", StringComparison.Ordinal));
        await EndAsync(terminal, "type q\n", 0);
    }

    [Fact]
    public async Task A_terminal_that_becomes_narrower_and_Ctrl_C_do_no_harm()
    {
        ToolProcess.SkipWhereInterruptsAreIgnored();
        using SnapshotServer server = new() { Text = Snapshot() };
        using TerminalProcess terminal = Start(server, Wide);
        await terminal.WaitForAsync("ROUTER");
        await terminal.DoAsync("size " + Narrow);
        await terminal.WaitAsync(static shown => Frame(shown, Narrow) is { } frame
            && !frame.Contains("ROUTER", StringComparison.Ordinal));
        await EndAsync(terminal, "key c\n", 130);
    }

    private static TerminalProcess Start(SnapshotServer server, string size) =>
        TerminalProcess.Start([.. ToolProcess.Command, "top", server.Address, "--interval", "100ms"], ("TERMINAL_SIZE", size));

    private static async Task EndAsync(TerminalProcess terminal, string line, int exitCode)
    {
        string shown = (await terminal.EndAsync(line)).With(exitCode).Output;
        string end = shown[shown.LastIndexOf("\e[?1049", StringComparison.Ordinal)..];
        Assert.StartsWith("\e[?1049l", end, StringComparison.Ordinal); // back from the other screen, where nothing is shown any more
        Assert.Equal("", TerminalProcess.Plain(end).Trim());
        Assert.True(shown.LastIndexOf("\e[?25h", StringComparison.Ordinal) > shown.LastIndexOf("\e[?25l", StringComparison.Ordinal));
    }

    /// <summary>What the screen showed last; null before the first, and where that is larger than the screen.</summary>
    private static string? Frame(string shown, string size)
    {
        string[] frames = shown.Split("\e[H");
        if (frames.Length < 3) return null; // the last may not be there yet in full
        string[] lines = [.. TerminalProcess.Plain(frames[^2]).Split('\n').Select(static line => line.TrimEnd('\r'))];
        int[] most = [.. size.Split(' ').Select(int.Parse)];
        return lines.Length <= most[0] && lines.All(line => line.Length <= most[1]) ? string.Join('\n', lines) : null;
    }

    /// <summary>Without what folding a text puts into it.</summary>
    private static string Flat(string frame) => string.Concat(frame.Where(static letter => !char.IsWhiteSpace(letter)));

    private static string Snapshot(string findings = "") => $$$"""
        {"version":1,"process":{"id":7,"name":"shop","machine":"m","uptimeSeconds":60,"memoryBytes":1000000},"findings":[{{{findings}}}],
        "totals":{"receivedPerSecond":1234.4,"sentPerSecond":null,"queued":3,"handlers":1,"dropped":0},
        "loops":[{"title":"main","turnsPerSecond":10,"lagSeconds":0.5,"busy":0.25,"callbacks":1,"timers":2,
        "current":{"callback":"Shop.Work","seconds":2}}],
        "streams":[{"title":"{{{Stream}}}","type":"ROUTER","queued":3,"handlers":1,"oldestHandlerSeconds":12,
        "requests":{"inFlight":4711},"dropped":{"total":0}}],
        "peers":[],"peerCount":0,"unheardOf":true}
        """;
}
