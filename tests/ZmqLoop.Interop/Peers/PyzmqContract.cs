using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Peers;

/// <summary>The contract with pyzmq, and what pyzmq has of its own: its authenticator, its certificates, its log watcher.</summary>
public abstract class PyzmqContract(EngineUnderTest ours) : PeerContract(ours, PeerKind.Pyzmq)
{
    [Fact]
    public async Task Certificates_of_each_are_read_by_the_other()
    {
        using Peer peer = Peer.Start(PeerKind.Pyzmq);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("zmqloop-certificates-");
        try
        {
            JsonObject theirs =
                await peer.CallAsync(new JsonObject { ["cmd"] = "certificates", ["directory"] = directory.FullName, ["name"] = "theirs" });
            CurveCertificate read = CurveCertificate.Load(Path.Combine(directory.FullName, "theirs.key_secret"));
            Assert.Equal(((string?)theirs["public"], (string?)theirs["secret"]), (Z85.Encode(read.PublicKey), Z85.Encode(read.SecretKey)));
            (string publicFile, string secretFile) =
                CurveCertificate.Create(directory.FullName, "ours", new Dictionary<string, string> { ["email"] = "a@example.org" });
            CurveCertificate ours = CurveCertificate.Load(secretFile);
            JsonObject loaded = await peer.CallAsync(new JsonObject { ["cmd"] = "load", ["file"] = secretFile });
            Assert.Equal((Z85.Encode(ours.PublicKey), Z85.Encode(ours.SecretKey)), ((string?)loaded["public"], (string?)loaded["secret"]));
            loaded = await peer.CallAsync(new JsonObject { ["cmd"] = "load", ["file"] = publicFile });
            Assert.Equal((Z85.Encode(ours.PublicKey), null), ((string?)loaded["public"], (string?)loaded["secret"]));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pyzmqs_authenticator_lets_us_in_with_a_certificate_of_ours_and_without_one_does_not(bool isKnown)
    {
        using Peer peer = Peer.Start(PeerKind.Pyzmq);
        await using OurSide we = new(Ours);
        DirectoryInfo directory = Directory.CreateTempSubdirectory("zmqloop-certificates-");
        try
        {
            string friends = directory.CreateSubdirectory("friends").FullName;
            CurveCertificate.Create(friends, "somebody");
            CurveCertificate own = CurveCertificate.Load(CurveCertificate.Create(isKnown ? friends : directory.FullName, "own").SecretFile);
            CurveKeyPair serverKeys = we.Engine.CreateCurveKeyPair();
            await peer.CallAsync(new JsonObject { ["cmd"] = "authenticate", ["directory"] = friends });
            PeerSocket socket = await peer.OpenAsync(SocketType.Rep, new JsonObject
            {
                ["curve_server"] = true, ["curve_publickey"] = serverKeys.PublicKeyText, ["curve_secretkey"] = serverKeys.SecretKeyText,
            });
            OurStream stream = await we.OpenAsync(SocketType.Req, ours =>
                (ours.CurvePublicKey, ours.CurveSecretKey, ours.CurveServerKey) = (own.PublicKey, own.SecretKey!, serverKeys.PublicKey));
            ZMQSocketEvents refused = Ours.Can(Abilities.Handshakes) ? ZMQSocketEvents.HandshakeFailedAuth : ZMQSocketEvents.Disconnected;
            ZMQSocketEvents accepted = Ours.Can(Abilities.Handshakes) ? ZMQSocketEvents.HandshakeSucceeded : ZMQSocketEvents.Connected;
            Task<SocketEvent> shaken = await stream.WatchAsync(isKnown ? accepted | ZMQSocketEvents.HandshakeFailedAuth
                : refused | ZMQSocketEvents.HandshakeSucceeded);
            await stream.ConnectAsync(await socket.BindAsync());
            Assert.Equal(isKnown ? accepted : refused, (await shaken).Event);
            if (!isKnown) return;
            stream.Stream.Send("hello");
            await socket.EchoAsync(1);
            Assert.Equal("hello", (await stream.ReceiveAsync())[0].ToText());
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("wonderland", true)]
    [InlineData("12345", false)]
    public async Task Our_authenticator_asks_a_pyzmq_client_for_its_password(string password, bool isRight)
    {
        Ours.Need(Abilities.Plain | Abilities.Zap);
        using Peer peer = Peer.Start(PeerKind.Pyzmq);
        await using OurSide we = new(Ours);
        Authenticator authenticator = await we.Loop.InvokeAsync(() =>
        {
            Authenticator started = new(we.Loop);
            started.ConfigurePlain("*", new Dictionary<string, string> { ["alice"] = "wonderland" });
            started.Start();
            return started;
        });
        OurStream stream = await we.OpenAsync(SocketType.Pull, static socket => socket.PlainServer = true);
        Task<SocketEvent> shaken = await stream.WatchAsync(ZMQSocketEvents.HandshakeSucceeded | ZMQSocketEvents.HandshakeFailedAuth);
        PeerSocket socket =
            await peer.OpenAsync(SocketType.Push, new JsonObject { ["plain_username"] = "alice", ["plain_password"] = password });
        await socket.ConnectAsync(await stream.BindAsync());
        Assert.Equal(isRight ? ZMQSocketEvents.HandshakeSucceeded : ZMQSocketEvents.HandshakeFailedAuth, (await shaken).Event);
        await we.Loop.InvokeAsync(authenticator.Stop);
    }

    [Fact]
    public async Task What_we_log_is_shown_by_pyzmqs_watcher()
    {
        Pyzmq.SkipIfMissing();
        await using OurSide we = new(Ours);
        (PubLoggerProvider publisher, string endpoint) = await we.Loop.InvokeAsync(() =>
        {
            PubLoggerProvider made = new("tcp://127.0.0.1:*", (ZMQIOLoop)we.Loop, new PubLoggerOptions { RootTopic = "shop" });
            return (made, made.Socket.LastEndpoint);
        });
        ProcessStartInfo start = new(Pyzmq.Path, ["-u", "-m", "zmq.log", endpoint, "-t", "shop.WARNING"]) { RedirectStandardOutput = true };
        using Process watcher = Process.Start(start)!;
        try
        {
            ILogger logger = publisher.CreateLogger("orders");
            PeriodicCallback again = new(Log, TimeSpan.FromMilliseconds(5), we.Loop); // until the watcher has come
            await we.Loop.InvokeAsync(again.Start);
            Task<string?> shown = watcher.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.Equal("shop.WARNING.orders | WARNING orders - order 7 is läte",
                await shown.WaitAsync(Deadline.Default, TestContext.Current.CancellationToken));
            await we.Loop.InvokeAsync(again.Stop);

            void Log()
            {
                logger.LogInformation("nobody asked for this");
                logger.LogWarning("order {Number} is läte", 7);
            }
        }
        finally
        {
            watcher.Kill(entireProcessTree: true);
            publisher.Dispose();
        }
    }
}
