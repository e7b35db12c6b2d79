namespace ZmqLoop.Streams.SocketTests;

/// <summary>Providers that take their time, and those that answer wrongly: asked as libzmq asks.</summary>
public sealed class ProviderTests
{
    private readonly List<TaskCompletionSource<AuthenticationResult>> _slow = [];
    private readonly List<string> _asked = [];

    [Fact]
    public void However_many_slow_providers_hold_up_neither_NULL_nor_other_domains()
    {
        using ZapWorld world = new();
        ConfigureSlow(world, "*");
        world.Authenticator.ConfigurePlain("quick", new Dictionary<string, string> { ["joe"] = "1" });
        world.Authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        for (int i = 0; i < 200; i++) Ask(client, $"{i}", $"10.0.0.{i}");
        world.World.RunUntil(() => _slow.Count == 64);
        Assert.Equal("200", Status(world.Ask("1.0|7|global|127.0.0.1||NULL")));
        Assert.Equal("200", Status(world.Ask("1.0|7|quick|127.0.0.1||PLAIN|joe|1")));
        ZMQSocket elsewhere = world.ConnectToAuthenticator();
        Ask(elsewhere, "elsewhere", "10.0.0.1", domain: "another");
        world.World.RunUntil(() => _asked[^1] == "elsewhere");
        Assert.Equal(65, _slow.Count);
    }

    [Fact]
    public void Who_waits_is_asked_about_in_turn_when_another_has_gone()
    {
        using ZapWorld world = new();
        ConfigureSlow(world, "*");
        world.Authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        for (int i = 0; i < 200; i++) Ask(client, $"{i}", $"10.0.0.{i}");
        for (int i = 0; i < 200; i++)
        {
            world.World.RunUntil(() => _slow.Count > i);
            Assert.InRange(_slow.Count, 1, i + 64);
            _slow[i].SetResult(i % 2 == 0);
            Assert.Equal(i % 2 == 0 ? "200" : "400", Status(world.ReceiveAnswer(client)));
        }

        Assert.Equal([.. Enumerable.Range(0, 200).Select(static i => $"{i}")], _asked);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1", "::ffff:10.0.0.1")]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:0:7::")] // a /64 is one place
    [InlineData("localhost:5:1:1", "localhost:5:2:2", "localhost:5:3:3")] // so are the processes of one user
    public void One_place_cannot_take_all_of_a_domain(string first, string second, string third)
    {
        using ZapWorld world = new();
        ConfigureSlow(world, "*");
        world.Authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        foreach (string address in (string[])[first, second, third])
        {
            for (int i = 0; i < 10; i++) Ask(client, address, address);
        }

        Ask(client, "another", "10.0.0.2");
        world.World.RunUntil(() => _asked.Contains("another"));
        Assert.Equal(17, _asked.Count); // 16 from the place, who came first
        _slow[3].SetResult(true);
        world.World.RunUntil(() => _asked.Count == 18);
        Assert.Equal(second, _asked[17]);
    }

    [Fact]
    public void Where_too_many_wait_from_one_place_the_next_is_told_to_come_again()
    {
        using ZapWorld world = new();
        ConfigureSlow(world, "*");
        world.Authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        for (int i = 0; i < 16 + 256; i++) Ask(client, $"{i}", "10.0.0.1");
        world.World.RunUntil(() => _asked.Count == 16);
        Ask(client, "too many", "10.0.0.1");
        Assert.Equal("300", Status(world.ReceiveAnswer(client)));
        Ask(client, "another", "10.0.0.2");
        world.World.RunUntil(() => _asked[^1] == "another");
        foreach (TaskCompletionSource<AuthenticationResult> slow in _slow.ToArray()) slow.SetResult(true);
        Assert.Equal("200", Status(world.ReceiveAnswer(client)));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_domain_has_its_own_deadline_and_the_line_before_the_provider_counts()
    {
        using ZapWorld world = new();
        ConfigureSlow(world, "*");
        ConfigureSlow(world, "impatient", TimeSpan.FromMilliseconds(30));
        world.Authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        Ask(client, "patient", "10.0.0.9");
        for (int i = 0; i < 20; i++) Ask(client, $"{i}", "10.0.0.1", domain: "impatient");
        for (int i = 0; i < 20; i++) Assert.Equal("500", Status(world.ReceiveAnswer(client)));
        Assert.All(world.Loop.Errors, static error => Assert.IsType<TimeoutException>(error.Exception));
        Assert.Equal(20, world.Loop.Errors.Count);
        _slow[_asked.IndexOf("patient")].SetResult(true);
        Assert.Equal("200", Status(world.ReceiveAnswer(client)));
    }

    [Fact]
    public void Stopped_while_many_wait_it_asks_about_none_of_them_any_more()
    {
        using ZapWorld world = new();
        ConfigureSlow(world, "*");
        world.Authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        for (int i = 0; i < 40; i++) Ask(client, $"{i}", "10.0.0.1");
        world.World.RunUntil(() => _asked.Count == 16);
        world.Authenticator.Stop();
        foreach (TaskCompletionSource<AuthenticationResult> slow in _slow.ToArray()) slow.SetResult(true);
        world.Authenticator.Start();
        Assert.Equal("200", Status(world.Ask("1.0|7|global|127.0.0.1||NULL")));
        Assert.Equal(16, _asked.Count);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("null task")]
    [InlineData("task of null")]
    public void A_provider_that_returns_null_lets_nobody_in_and_the_report_says_what_to_return(string kind)
    {
        using ZapWorld world = new();
        if (kind == "null") world.Authenticator.ConfigurePlainCallback("*", static _ => (AuthenticationResult)null!);
        else if (kind == "null task") world.Authenticator.ConfigurePlainCallback("*", static _ => (Task<AuthenticationResult>)null!);
        else world.Authenticator.ConfigurePlainCallback("*", static _ => Task.FromResult<AuthenticationResult>(null!));
        world.Authenticator.Start();
        Assert.Equal("500", Status(world.Ask("1.0|7|global|127.0.0.1||PLAIN|joe|1")));
        Assert.Contains("returned null", Assert.Single(world.Loop.Errors).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_stranger_calls_himself_makes_no_line_of_its_own_in_logs_and_reports_and_is_cut()
    {
        RecordingLoggers loggers = new();
        using ZapWorld world = new();
        using Authenticator authenticator = new(world.Loop, logger: loggers.CreateLogger("auth"));
        authenticator.ConfigurePlain("*", new Dictionary<string, string> { ["joe"] = "1" });
        authenticator.ConfigurePlainCallback("callback", static request => AuthenticationResult.Deny("no " + request.Username));
        authenticator.ConfigurePlainCallback("throws", static _ => throw StreamWorld.Oops);
        authenticator.Start();
        const string Forged = "a'\nAllowed: PLAIN 'root'\u2028\u202Eevil\u001b[31m\u0085";
        string huge = new('x', 5_000_000);
        foreach (string name in (string[])[Forged, huge, "zoë"])
        {
            foreach (string domain in (string[])["*", "callback", "throws"]) world.Ask($"1.0|7|{domain}|127.0.0.1||PLAIN|{name}|1");
            world.Ask($"1.0|7|{name}|{name}||{name}|x");
        }

        string[] told = [.. loggers.Entries.Select(static entry => entry.Text),
            .. world.Loop.Errors.Select(static error => error.Origin.ToString())];
        Assert.True(told.Length >= 12);
        Assert.All(told, static line =>
        {
            Assert.DoesNotContain(line, static c => char.IsControl(c) || c is '\u2028' or '\u202E');
            Assert.InRange(line.Length, 1, 600);
        });
        Assert.Contains(told, static line => line.Contains("'zoë'", StringComparison.Ordinal));
        Assert.Contains(told, static line => line.Contains("5000000 characters", StringComparison.Ordinal));
        Assert.DoesNotContain(told, static line => line.Contains("Allowed: PLAIN 'root'", StringComparison.Ordinal));
    }

    private void ConfigureSlow(ZapWorld world, string domain, TimeSpan? timeout = null) =>
        world.Authenticator.ConfigurePlainCallback(domain, request =>
        {
            _asked.Add(request.Username);
            _slow.Add(new TaskCompletionSource<AuthenticationResult>());
            return _slow[^1].Task;
        }, timeout);

    private static void Ask(ZMQSocket client, string name, string address, string domain = "global") =>
        RealWorld.Send(client, ["", .. ZapWorld.Frames($"1.0|7|{domain}|{address}||PLAIN|{name}|1")]);

    private static string Status(string answer) => answer.Split('|')[2];
}
