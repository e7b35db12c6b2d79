namespace ZmqLoop.Dashboard.Tests;

/// <summary>The page in a real browser, over a service with real sockets: what goes wrong is seen by itself.</summary>
public sealed class PageTests
{
    private const string Findings = "#finding-list li";

    [Fact]
    public async Task What_goes_wrong_in_a_service_is_seen_by_itself_and_goes_when_it_is_over()
    {
        using Browser browser = Browser.StartOrSkip();
        await using TroubledService service = new();
        await using DashboardServer dashboard = await DashboardServer.StartAsync(port: 0, TestContext.Current.CancellationToken);
        await browser.OpenAsync($"{dashboard.Address}");
        await browser.SeeAsync("#no-findings", "Nothing that this page knows of");
        await browser.SeeAsync("#stream-table tbody th", "orders");

        await service.FlapAsync();
        await browser.SeeAsync(Findings, "Peers of orders come and go");
        await service.StickAsync();
        await browser.SeeAsync(Findings, "A handler of orders has been running for");
        await browser.SeeAsync("#peer-table tbody tr", "tcp://127.0.0.1");
        await service.FloodAsync();
        await browser.SeeAsync(Findings, "The send queue of <b onmouseover=alert(1)>jobs</b> is full: 1"); // as text
        await browser.SeeAsync(Findings, "dropped");
        await browser.SeeAsync("#stream-table tbody tr", "queue full");
        service.Block();
        await browser.SeeAsync(Findings, "Loop orders has been blocked for");
        await browser.SeeAsync("#loop-list li.trouble", "request 4711");
        await browser.SeeAsync("#news", "New: "); // what a screen reader says
        foreach (string scheme in (string[])["light", "dark"])
        {
            foreach (int width in (int[])[1600, 400])
            {
                await browser.OpenAsync($"{dashboard.Address}", width, scheme);
                await browser.SeeAsync(Findings, "Loop orders has been blocked for");
                await browser.SeeAsync(Findings, "The send queue of");
                Assert.Equal(0, await browser.OverflowAsync());
                await browser.ScreenshotAsync($"dashboard-{EngineUnderTest.Current.Name}-{scheme}-{width}");
                Assert.Empty(await browser.BarriersAsync());
                Assert.Empty(await browser.TroublesAsync());
            }
        }

        service.Unblock();
        service.Unstick();
        await browser.GoneAsync(Findings, "Loop orders has been blocked for");
        await browser.GoneAsync(Findings, "A handler of orders");
        await browser.SeeAsync("#loop-list summary", "1 block");
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_and_the_filter_finds_one_of_5000()
    {
        using Browser browser = Browser.StartOrSkip();
        using ScriptedLoop loop = new();
        List<ZMQStream> streams = [];
        for (int i = 0; i < 5000; i++)
            streams.Add(new ZMQStream(new ScriptedSocket(), loop, new ZMQStreamOptions { Name = $"client {i}" }));
        await using DashboardServer dashboard = await DashboardServer.StartAsync(port: 0, TestContext.Current.CancellationToken);
        await browser.OpenAsync($"{dashboard.Address}");
        await browser.SeeAsync("#more-streams", "4,950 streams more are not shown");
        Assert.Equal(50, (await browser.ReadAsync("#stream-table tbody tr")).Length);
        Assert.Equal("skip", await browser.PressAsync("Tab"));
        Assert.Equal("findings", await browser.PressAsync("Enter"));
        Assert.Equal("filter", await browser.PressAsync("Tab"));
        await browser.TypeAsync("#filter", "client 4321");
        await browser.SeeAsync("#stream-count", "1");
        await browser.GoneAsync("#more-streams", "not shown");
        Assert.Contains("client 4321", Assert.Single(await browser.ReadAsync("#stream-table tbody tr")), StringComparison.Ordinal);
        await browser.TypeAsync("#filter", "nobody's");
        await browser.SeeAsync("#no-streams", "No stream has “nobody's” in its name, type or loop.");
        await browser.TypeAsync("#filter", "");
        await browser.SeeAsync("#more-streams", "4,950");
        await browser.ClickAsync("#show-more");
        await browser.SeeAsync("#more-streams", "4,900");
        Assert.Empty(await browser.TroublesAsync());
        foreach (ZMQStream stream in streams) stream.Dispose();
    }

    [Fact]
    public async Task A_page_says_so_when_the_process_is_no_more_there_and_that_there_is_no_loop()
    {
        using Browser browser = Browser.StartOrSkip();
        DashboardServer dashboard = await DashboardServer.StartAsync(port: 0, TestContext.Current.CancellationToken);
        await browser.OpenAsync($"{dashboard.Address}");
        await browser.SeeAsync("#no-loops", "No loop is open in this process");
        await browser.SeeAsync("#no-streams", "No stream is open");
        await browser.SeeAsync("#no-peers", "No socket is monitored");
        await dashboard.DisposeAsync();
        await browser.SeeAsync("#live", "the process has ended, or does not answer");
    }

    [Fact]
    public async Task A_page_whose_connection_is_dead_without_a_word_makes_another_one()
    {
        using Browser browser = Browser.StartOrSkip();
        await using DashboardServer dashboard = await DashboardServer.StartAsync(port: 0, TestContext.Current.CancellationToken);
        using TcpRelay relay = new($"tcp://{dashboard.Address.Authority}");
        await browser.OpenAsync($"http://{relay.Endpoint["tcp://".Length..]}/");
        relay.Forget();
        await browser.SeeAsync("#live", "Nothing heard for");
        await browser.SeeAsync("#live", "Live", seconds: 60); // the browser tries its other connections first, which are as dead
    }

    [Fact]
    public async Task A_page_that_is_not_let_in_says_why_and_is_live_once_it_is()
    {
        using Browser browser = Browser.StartOrSkip();
        await using DashboardServer dashboard = await DashboardServer.StartAsync(port: 0, TestContext.Current.CancellationToken);
        using HttpClient client = new();
        List<HttpResponseMessage> others = [];
        for (int i = 0; i < 32; i++)
        {
            others.Add(await client.GetAsync(new Uri(dashboard.Address, "events"), HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken));
        }

        await browser.OpenAsync($"{dashboard.Address}", live: false);
        await browser.SeeAsync("#live", "32 listen already.");
        foreach (HttpResponseMessage other in others) other.Dispose();
        await browser.SeeAsync("#live", "Live");
    }

    [Fact]
    public async Task Names_hide_nothing_turn_nothing_around_and_are_not_endless()
    {
        using Browser browser = Browser.StartOrSkip();
        using ScriptedLoop loop = new();
        string name = $"a\u202Eb\0c\u2028d\uD800e{new string('x', 10_000)}";
        using ZMQStream stream = new(new ScriptedSocket(), loop, new ZMQStreamOptions { Name = name });
        await using DashboardServer dashboard = await DashboardServer.StartAsync(port: 0, TestContext.Current.CancellationToken);
        await browser.OpenAsync($"{dashboard.Address}", width: 400);
        string shown = Assert.Single(await browser.ReadAsync("#stream-table tbody th span:first-child"));
        Assert.StartsWith(@"a\u{202E}b\u{0}c\u{2028}d", shown, StringComparison.Ordinal);
        Assert.InRange(shown.Length, 300, 400);
        Assert.Equal(0, await browser.OverflowAsync());
        Assert.Empty(await browser.TroublesAsync());
    }

    [Fact]
    public async Task What_has_the_focus_keeps_it_when_what_stands_above_goes()
    {
        using Browser browser = Browser.StartOrSkip();
        using ScriptedLoop loop = new();
        using ZMQStream kept = Subscriber("kept"), gone = Subscriber("gone");
        loop.RunFor(TimeSpan.FromMinutes(1)); // nobody takes their messages
        kept.OnRecv(static _ => { }); // which is not as bad
        await using DashboardServer dashboard = await DashboardServer.StartAsync(port: 0, TestContext.Current.CancellationToken);
        await browser.OpenAsync($"{dashboard.Address}");
        await browser.SeeAsync("#finding-list li:nth-child(1)", "Nobody takes the messages of gone");
        await browser.SeeAsync("#finding-list li:nth-child(2)", "kept has received nothing so far");
        for (int i = 0; i < 3; i++) await browser.PressAsync("Tab"); // beyond the link that skips what is above
        Assert.Contains("kept", Assert.Single(await browser.ReadAsync("#finding-list li:has(:focus)")), StringComparison.Ordinal);
        gone.Dispose();
        await browser.GoneAsync("#finding-list li", "gone");
        Assert.Contains("kept", Assert.Single(await browser.ReadAsync("#finding-list li:has(:focus)")), StringComparison.Ordinal);

        ZMQStream Subscriber(string name) => new(new ScriptedSocket(SocketType.Sub), loop, new ZMQStreamOptions { Name = name });
    }
}
