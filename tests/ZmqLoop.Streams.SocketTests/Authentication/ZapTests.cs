using System.Diagnostics.Metrics;


namespace ZmqLoop.Streams.SocketTests;

/// <summary>The protocol between libzmq and an authenticator (RFC 27), spoken by a socket of our own, malformed requests
/// included.</summary>
public sealed class ZapTests
{
    [Theory]
    [InlineData("1.0|7|global|127.0.0.1||NULL", "1.0|7|200|OK|anonymous|")]
    [InlineData("1.0|7|global|10.0.0.1||NULL", "1.0|7|400|Address is denied||")]
    [InlineData("1.0|7|global|127.0.0.1||PLAIN|joe|1", "1.0|7|200|OK|joe|")]
    [InlineData("1.0|7|global|127.0.0.1||PLAIN|joe|2", "1.0|7|400|Invalid password||")]
    [InlineData("1.0|7|global|127.0.0.1||PLAIN|jim|1", "1.0|7|400|Invalid username||")]
    [InlineData("1.0|7|global|127.0.0.1||PLAIN|joe", "1.0|7|400|Invalid credentials||")]
    [InlineData("1.0|7|global|127.0.0.1||CURVE|too short", "1.0|7|400|Invalid credentials||")]
    [InlineData("1.0|7|global|127.0.0.1||CURVE|01234567890123456789012345678901", "1.0|7|400|Nothing is configured for the domain||")]
    [InlineData("1.0|7|global|127.0.0.1||GSSAPI|joe@REALM", "1.0|7|200|OK|joe@REALM|")]
    [InlineData("1.0|7|global|127.0.0.1||GSSAPI", "1.0|7|400|Invalid credentials||")]
    [InlineData("1.0|7|global|127.0.0.1||TELEPATHY|x", "1.0|7|400|Unknown mechanism||")]
    [InlineData("1.0|7|global|127.0.0.1|", "1.0|7|400|Not enough frames||")]
    [InlineData("1.0|7", "1.0|7|400|Not enough frames||")]
    [InlineData("2.0|7|global|127.0.0.1||NULL", "1.0|7|400|Invalid version||")]
    [InlineData("1.0|7|global|127.0.0.1||NULL|x", "1.0|7|400|Invalid credentials||")]
    public void A_request_is_answered(string request, string reply)
    {
        using ZapWorld world = new();
        Configure(world.Authenticator);
        world.Authenticator.Start();
        Assert.Equal(reply, world.Ask(request));
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.0")]
    public void A_request_without_an_id_is_ignored_and_the_next_is_answered(string request)
    {
        using ZapWorld world = new();
        Configure(world.Authenticator);
        world.Authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        RealWorld.Send(client, "", request);
        RealWorld.Send(client, "no delimiter at all");
        RealWorld.Send(client, ["", .. ZapWorld.Frames("1.0|8|global|127.0.0.1||NULL")]);
        Assert.Equal("1.0|8|200|OK|anonymous|", world.ReceiveAnswer(client));
        Assert.Empty(world.Loop.Errors);
    }

    [Fact]
    public void Decisions_are_counted_by_result_and_mechanism()
    {
        using ZapWorld world = new();
        List<string> counted = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = static (instrument, self) =>
            {
                if (instrument.Name == "zmqloop.authentication.decisions") self.EnableMeasurementEvents(instrument);
            },
        };
        int thread = Environment.CurrentManagedThreadId; // other tests have authenticators, too
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (Environment.CurrentManagedThreadId == thread)
                counted.Add(string.Join(' ', tags.ToArray()
                    .Where(static tag => tag.Key.StartsWith("zmqloop.auth", StringComparison.Ordinal)).Select(static tag => tag.Value)));
        });
        listener.Start();
        Configure(world.Authenticator);
        world.Authenticator.Start();
        world.Ask("1.0|7|global|127.0.0.1||PLAIN|joe|1");
        world.Ask("1.0|8|global|127.0.0.1||PLAIN|joe|2");
        world.Ask("1.0|9|global|127.0.0.1||a stranger's");
        world.Ask("2.0|9|x|y||NULL");
        Assert.Equal(["allowed PLAIN", "denied PLAIN", "denied other", "malformed other"], counted);
    }

    [Fact]
    public void A_log_that_fails_keeps_nobody_out()
    {
        using ZapWorld world = new();
        RecordingLoggers loggers = new() { OnLog = static () => throw new IOException("the disk is full") };
        using Authenticator authenticator = new(world.Loop, logger: loggers.CreateLogger("authenticator"));
        Configure(authenticator);
        authenticator.Start();
        Assert.Equal("1.0|7|200|OK|joe|", world.Ask("1.0|7|global|127.0.0.1||PLAIN|joe|1"));
        Assert.Equal("1.0|8|400|Invalid password||", world.Ask("1.0|8|global|127.0.0.1||PLAIN|joe|2"));
        Assert.Equal("1.0|9|400|Invalid version||", world.Ask("2.0|9|x|y||NULL"));
        world.World.RunUntil(() => world.Loop.Errors.Count == 3); // each is reported
    }

    [Fact]
    public void Metadata_is_written_as_ZMTP_has_it()
    {
        using ZapWorld world = new();
        world.Authenticator.ConfigurePlainCallback("*",
            static _ => AuthenticationResult.Allow(metadata: new Dictionary<string, string> { ["ab"] = "xyz", ["c"] = "" }));
        world.Authenticator.Start();
        Assert.Equal("1.0|7|200|OK|joe|\u0002ab\0\0\0\u0003xyz\u0001c\0\0\0\0", world.Ask("1.0|7|global|127.0.0.1||PLAIN|joe|1"));
    }

    [Fact]
    public void The_provider_is_what_a_report_of_a_blocked_loop_names_while_it_runs()
    {
        using ZapWorld world = new();
        CallbackOrigin? inner = null;
        Func<AuthenticationRequest, AuthenticationResult> provider = _ =>
        {
            inner = world.Loop.InnerCallback;
            return true;
        };
        world.Authenticator.ConfigurePlainCallback("*", provider);
        world.Authenticator.Start();
        world.Ask("1.0|7|global|127.0.0.1||PLAIN|joe|1");
        Assert.Equal((CallbackKind.Stream, provider, world.Authenticator), (inner!.Kind, inner.Callback, inner.Owner));
        Assert.Null(world.Loop.InnerCallback);
    }

    [Fact]
    public void A_reporter_that_throws_keeps_nobody_from_being_answered()
    {
        using ZapWorld world = new();
        using ThrowingLoop loop = new(world.World.Engine);
        using Authenticator authenticator = new(loop);
        authenticator.ConfigurePlainCallback("*", static _ => throw StreamWorld.Oops);
        authenticator.Start();
        ZMQSocket client = world.ConnectToAuthenticator();
        RealWorld.Send(client, ["", .. ZapWorld.Frames("1.0|7|global|127.0.0.1||PLAIN|joe|1")]);
        Assert.Throws<InvalidOperationException>(() => Deadline.Run(loop));
        string? reply = null;
        Deadline.RunUntil(loop, () => client.TryReceive(out Message? message) && (reply = message.Text()) is not null);
        Assert.Equal("|1.0|7|500|Internal error||", reply);
    }

    private static void Configure(Authenticator authenticator)
    {
        authenticator.Deny("10.0.0.1");
        authenticator.ConfigurePlain("global", new Dictionary<string, string> { ["joe"] = "1" });
    }

    private sealed class ThrowingLoop(ZMQEngine engine) : ZMQIOLoop(engine, new IOLoopOptions { MakeCurrent = false })
    {
        public override void HandleCallbackException(Exception exception, CallbackOrigin origin) => throw exception;
    }
}
