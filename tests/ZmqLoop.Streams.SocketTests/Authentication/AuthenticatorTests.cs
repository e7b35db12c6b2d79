namespace ZmqLoop.Streams.SocketTests;

/// <summary>Who gets in, over real sockets; with the rows of pyzmq's test_auth.</summary>
public sealed class AuthenticatorTests
{
    [Theory]
    [InlineData("none", true)]
    [InlineData("null", true)]
    [InlineData("deny", false)]
    [InlineData("deny another", true)]
    [InlineData("allow", true)]
    [InlineData("allow mapped", true)]
    [InlineData("allow another", false)]
    [InlineData("plain unconfigured", false)]
    [InlineData("plain", true)]
    [InlineData("plain, wrong password", false)]
    [InlineData("plain, wrong name", false)]
    [InlineData("plain, allowed, wrong password", false)]
    [InlineData("curve unconfigured", false)]
    [InlineData("curve, any", true)]
    [InlineData("curve, directory", true)]
    [InlineData("curve, keys", true)]
    [InlineData("curve, unknown key", false)]
    [InlineData("curve callback", true)]
    [InlineData("curve callback, wrong key", false)]
    [InlineData("curve async callback", true)]
    [InlineData("curve async callback, wrong key", false)]
    public void Authenticator_on_the_loop(string configuration, bool delivered)
    {
        using ZapWorld world = new();
        Authenticator authenticator = world.Authenticator;
        if (configuration != "none") authenticator.Start();
        Dictionary<string, string> passwords = new() { ["admin"] = "Password" };
        string key =
            configuration.Contains("wrong key", StringComparison.Ordinal) ? world.ServerKeys.PublicKeyText : world.ClientKeys.PublicKeyText;
        switch (configuration)
        {
            case "deny": authenticator.Deny("127.0.0.1", "10.0.0.1"); break;
            case "deny another": authenticator.Deny("10.0.0.1"); break;
            case "allow": authenticator.Allow("10.0.0.1", "127.0.0.1"); break;
            case "allow mapped": authenticator.Allow("::ffff:127.0.0.1"); break;
            case "allow another": authenticator.Allow("10.0.0.1"); break;
            case "plain, allowed, wrong password":
                authenticator.Allow("127.0.0.1");
                goto case "plain";
            case "plain, wrong password" or "plain, wrong name":
            case "plain": authenticator.ConfigurePlain("*", passwords); break;
            case "curve, any": authenticator.ConfigureCurveAllowAny("*"); break;
            case "curve, directory": ConfigureDirectory(authenticator, world.ClientKeys.PublicKeyText); break;
            case "curve, keys": authenticator.ConfigureCurve("*", [world.ClientKeys.PublicKey]); break;
            case "curve, unknown key": authenticator.ConfigureCurve("*", [world.ServerKeys.PublicKey]); break;
            case "curve callback" or "curve callback, wrong key":
                authenticator.ConfigureCurveCallback("*", request => request.PublicKeyText == key);
                break;
            case "curve async callback" or "curve async callback, wrong key":
                authenticator.ConfigureCurveCallback("*", async request =>
                {
                    await Task.Yield();
                    return request.PublicKeyText == key;
                });
                break;
            default: break;
        }

        (ZMQStream server, Action<ZMQSocket>? client) = configuration.Split(' ', ',')[0] switch
        {
            "none" => (world.Null(domain: null), null),
            "plain" => (world.Plain(), ZapWorld.As(configuration.Contains("name", StringComparison.Ordinal) ? "root" : "admin",
                configuration.Contains("wrong password", StringComparison.Ordinal) ? "Bogus" : "Password")),
            "curve" => (world.Curve(), world.With(world.ClientKeys)),
            _ => (world.Null(), (Action<ZMQSocket>?)null),
        };
        SocketEvent end = world.Connect(server, client);
        Assert.Equal(delivered, end.Event == ZMQSocketEvents.HandshakeSucceeded);
        if (!delivered) Assert.Equal((ZMQSocketEvents.HandshakeFailedAuth, 400u), (end.Event, end.Value));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Rules_can_be_changed_while_it_runs_and_the_last_counts()
    {
        using ZapWorld world = new();
        world.Authenticator.Start();
        ZMQStream server = world.Plain();
        Assert.False(world.Lets(server, ZapWorld.As("a", "1")));
        world.Authenticator.ConfigurePlain("*", new Dictionary<string, string> { ["a"] = "1" });
        Assert.True(world.Lets(server, ZapWorld.As("a", "1")));
        Deadline.RunThread(() => world.Authenticator.ConfigurePlain("*", new Dictionary<string, string> { ["a"] = "2" })); // on any thread
        Assert.False(world.Lets(server, ZapWorld.As("a", "1")));
        Assert.True(world.Lets(server, ZapWorld.As("a", "2")));
        world.Authenticator.ConfigurePlainCallback("*", static request => request.Username == "b" && request.Password == "3");
        Assert.False(world.Lets(server, ZapWorld.As("a", "2")));
        Assert.True(world.Lets(server, ZapWorld.As("b", "3")));
    }

    [Fact]
    public void A_domain_has_its_own_rules_and_the_star_is_for_all_others()
    {
        using ZapWorld world = new();
        world.Authenticator.Start();
        world.Authenticator.ConfigurePlain("*", new Dictionary<string, string> { ["guest"] = "1" });
        world.Authenticator.ConfigurePlain("vault", new Dictionary<string, string> { ["boss"] = "1" });
        world.Authenticator.ConfigureCurveAllowAny("open"); // and for that domain only
        ZMQStream vault = world.Plain("vault");
        ZMQStream elsewhere = world.Plain("elsewhere");
        ZMQStream nowhere = world.Plain();
        Assert.True(world.Lets(vault, ZapWorld.As("boss", "1")));
        Assert.False(world.Lets(vault, ZapWorld.As("guest", "1")));
        Assert.True(world.Lets(elsewhere, ZapWorld.As("guest", "1")));
        Assert.True(world.Lets(nowhere, ZapWorld.As("guest", "1")));
        Assert.False(world.Lets(elsewhere, ZapWorld.As("boss", "1")));
        Assert.True(world.Lets(world.Curve("open"), world.With(world.ClientKeys)));
        Assert.False(world.Lets(world.Curve("vault"), world.With(world.ClientKeys)));
    }

    [Fact]
    public void Messages_know_the_user_and_what_the_provider_said_of_him()
    {
        using ZapWorld world = new();
        world.Authenticator.Start();
        world.Authenticator.ConfigureCurve("*", [world.ClientKeys.PublicKey]);
        world.Authenticator.ConfigurePlainCallback("*", static request => request.Username == "zoë"
            ? AuthenticationResult.Allow("user 7", new Dictionary<string, string> { ["X-Role"] = "admin" })
            : true);
        Assert.True(world.Lets(world.Null()));
        Assert.True(world.Lets(world.Plain(), ZapWorld.As("zoë", "1")));
        Assert.True(world.Lets(world.Plain(), ZapWorld.As("joe", "1")));
        Assert.True(world.Lets(world.Curve(), world.With(world.ClientKeys)));
        Assert.Equal(["Hello World anonymous", "Hello World user 7 admin", "Hello World joe",
            "Hello World " + world.ClientKeys.PublicKeyText], world.World.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_provider_that_throws_refuses_with_500_is_reported_and_the_next_one_is_served(bool isAsync)
    {
        using ZapWorld world = new();
        world.Authenticator.Start();
        if (isAsync)
        {
            world.Authenticator.ConfigurePlainCallback("*", static async request =>
            {
                await Task.Yield();
                return request.Username == "bad" ? throw StreamWorld.Oops : true;
            });
        }
        else
        {
            world.Authenticator.ConfigurePlainCallback("*", static request => request.Username == "bad" ? throw StreamWorld.Oops : true);
        }

        ZMQStream server = world.Plain();
        SocketEvent end = world.Connect(server, ZapWorld.As("bad", "1"));
        Assert.Equal((ZMQSocketEvents.HandshakeFailedAuth, 500u), (end.Event, end.Value));
        (Exception error, CallbackOrigin origin) = Assert.Single(world.Loop.Errors);
        Assert.Same(StreamWorld.Oops, error);
        Assert.Same(world.Authenticator, origin.Owner);
        Assert.Equal("bad", Assert.IsType<AuthenticationRequest>(origin.Item).Username);
        Assert.NotNull(origin.Callback);
        Assert.DoesNotContain("'1'", origin.Item!.ToString(), StringComparison.Ordinal);
        Assert.True(world.Lets(server, ZapWorld.As("good", "1")));
    }

    [Fact]
    public void A_provider_runs_in_the_contexts_that_it_was_given_in_and_a_consumed_exception_lets_nobody_in()
    {
        using ZapWorld world = new();
        world.Authenticator.Start();
        List<string> caught = [];
        new ExceptionStackContext(error =>
        {
            caught.Add(error.Message);
            return true;
        }).Run(() => world.Authenticator.ConfigurePlainCallback("*", static async _ =>
        {
            await Task.Yield();
            throw StreamWorld.Oops;
        }));
        Assert.Equal(500u, world.Connect(world.Plain(), ZapWorld.As("a", "1")).Value);
        Assert.Equal("oops", caught[0]);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void A_provider_that_takes_its_time_holds_up_nobody_else()
    {
        using ZapWorld world = new();
        world.Authenticator.Start();
        TaskCompletionSource<AuthenticationResult> slow = new();
        int asked = 0;
        world.Authenticator.ConfigurePlainCallback("*", request =>
        {
            asked++;
            return request.Username == "slow" ? slow.Task : Task.FromResult<AuthenticationResult>(true);
        });
        ZMQStream server = world.Plain();
        ZMQSocket waiting = world.World.Socket(SocketType.Push);
        ZapWorld.As("slow", "1")(waiting);
        waiting.Connect(server.Socket.LastEndpoint);
        world.World.RunUntil(() => asked == 1);
        Assert.True(world.Lets(server, ZapWorld.As("fast", "1")));
        slow.SetResult(true);
        bool sent = false;
        world.World.RunUntil(() =>
        {
            sent = sent || waiting.TrySend(new Message("at last"));
            return world.World.Log.Contains("at last slow");
        });
    }

    [Fact]
    public void A_provider_that_never_answers_is_given_up_and_refuses_with_500()
    {
        using ZapWorld world = new();
        using Authenticator impatient = new(world.Loop) { ProviderTimeout = TimeSpan.FromMilliseconds(20) };
        impatient.Start();
        impatient.ConfigurePlainCallback("*", static _ => new TaskCompletionSource<AuthenticationResult>().Task);
        Assert.Equal(500u, world.Connect(world.Plain(), ZapWorld.As("a", "1")).Value);
        Assert.IsType<TimeoutException>(world.Loop.Errors[0].Exception);
    }

    [Fact]
    public void It_is_started_once_and_stopped_it_frees_its_place()
    {
        using ZapWorld world = new();
        using Authenticator other = new(world.Loop);
        world.Authenticator.Start();
        Assert.True(world.Authenticator.IsRunning);
        Assert.Contains("runs already", Assert.Throws<InvalidOperationException>(world.Authenticator.Start).Message,
            StringComparison.Ordinal);
        Assert.Contains("Another authenticator", Assert.Throws<InvalidOperationException>(other.Start).Message, StringComparison.Ordinal);
        Assert.False(other.IsRunning);
        for (int i = 0; i < 20; i++)
        {
            world.Authenticator.Stop();
            world.Authenticator.Stop();
            other.Start();
            other.Stop();
            world.Authenticator.Start();
        }

        world.Authenticator.Deny("127.0.0.1");
        Assert.False(world.Lets(world.Null()));
        Deadline.RunThread(world.Authenticator.Dispose);
        Assert.False(world.Authenticator.IsRunning);
        other.Start();
        Assert.True(world.Lets(world.Null("another")));
    }

    [Fact]
    public void Stopping_it_while_a_provider_is_at_work_is_safe()
    {
        using ZapWorld world = new();
        world.Authenticator.Start();
        TaskCompletionSource<AuthenticationResult> slow = new();
        int asked = 0;
        world.Authenticator.ConfigurePlainCallback("*", _ =>
        {
            asked++;
            return slow.Task;
        });
        ZMQSocket waiting = world.World.Socket(SocketType.Push);
        ZapWorld.As("slow", "1")(waiting);
        waiting.Connect(world.Plain().Socket.LastEndpoint);
        world.World.RunUntil(() => asked == 1);
        world.Loop.AddCallback(() =>
        {
            world.Authenticator.Stop();
            slow.SetResult(true);
            world.Loop.AddCallback(world.Loop.Stop);
        });
        Deadline.Run(world.Loop);
        Deadline.RunUntil(world.Loop, () => true);
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Wrong_arguments_change_nothing()
    {
        using ZapWorld world = new();
        Authenticator authenticator = world.Authenticator;
        authenticator.Start();
        authenticator.ConfigureCurve("*", [world.ClientKeys.PublicKey]);
        authenticator.Allow("127.0.0.1");
        Assert.Throws<InvalidOperationException>(() => authenticator.Deny("10.0.0.1"));
        Assert.Throws<ArgumentException>(() => authenticator.Allow("10.0.0.1", " "));
        Assert.Throws<ArgumentException>(() => authenticator.ConfigureCurve("*", [new byte[31]]));
        Assert.Throws<DirectoryNotFoundException>(() =>
            authenticator.ConfigureCurve("*", Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())));
        Assert.Throws<ArgumentException>(() => authenticator.ConfigureCurveAllowAny(""));
        Assert.Throws<ArgumentNullException>(() =>
            authenticator.ConfigureCurveCallback("*", (Func<AuthenticationRequest, AuthenticationResult>)null!));
        Assert.Throws<ArgumentNullException>(() => authenticator.ConfigurePlain("*", null!));
        Assert.Throws<ArgumentException>(() =>
            AuthenticationResult.Allow("x", new Dictionary<string, string> { [new string('x', 256)] = "" }));
        Assert.Throws<InvalidOperationException>(() => new Authenticator());
        Assert.True(world.Lets(world.Curve(), world.With(world.ClientKeys)));
    }

    private static void ConfigureDirectory(Authenticator authenticator, string publicKey)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("zmqloop-keys-");
        try
        {
            File.WriteAllText(Path.Combine(directory.FullName, "client.key"), $"metadata\ncurve\n    public-key = \"{publicKey}\"\n");
            authenticator.ConfigureCurve("*", directory.FullName);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
