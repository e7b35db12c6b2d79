using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary><c>zmqloop proxy</c> between pyzmq's peers, with CURVE on its sides.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Anywhere = "tcp://127.0.0.1:*";

    // What a peer's code begins with: sockets with keys, and the end of a handshake with wrong ones.
    private const string Keys = """
        from zmq.utils.monitor import recv_monitor_message

        REFUSED = {zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL, zmq.EVENT_HANDSHAKE_FAILED_AUTH,
            zmq.EVENT_DISCONNECTED}

        def keys(name): return zmq.auth.load_certificate(os.path.join(arguments[0], name))

        def server(kind, name):
            s = socket(kind)
            s.curve_publickey, s.curve_secretkey = keys(name + ".key_secret")
            s.curve_server = True
            return s

        def client(kind, of, own=None):
            s = socket(kind)
            s.curve_serverkey = keys(of + ".key")[0]
            s.curve_publickey, s.curve_secretkey = keys(own + ".key_secret") if own else zmq.curve_keypair()
            return s

        def refused(s, begin):
            monitor = s.get_monitor_socket()
            monitor.rcvtimeo = LIMIT
            begin()
            while recv_monitor_message(monitor)["event"] not in REFUSED: pass
            s.disable_monitor()

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("zmqloop-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task With_CURVE_on_both_sides_the_right_keys_pass_and_wrong_ones_do_not()
    {
        await MakeKeysAsync("front", "back", "other");
        using ToolProcess rep = Peer("""
            s = server(zmq.REP, "back")
            print(s.bind_to_random_port("tcp://127.0.0.1"), flush=True)
            m = s.recv(); print(m); s.send(m + b"!")
            """);
        using ToolProcess proxy = ToolProcess.Start("proxy", "queue", "--frontend-bind", Anywhere, "--frontend-cert",
            Key("front.key_secret"), "--backend-connect", "tcp://127.0.0.1:" + await rep.ReadLineAsync(), "--backend-server-key",
            Key("back.key"));
        using ToolProcess clients = Peer("""
            wrong = client(zmq.REQ, "other")
            def ask(): wrong.connect(endpoint); wrong.send(b"wrong")
            refused(wrong, ask)
            right = client(zmq.REQ, "front")
            right.connect(endpoint); right.send(b"right"); print(right.recv())
            wrong.close(0)
            """, proxy.Endpoint("frontend bound to "));
        Assert.Equal(["b'right!'"], (await clients.EndAsync()).With(0).Lines);
        Assert.Equal(["b'right'"], (await rep.EndAsync()).With(0).Lines);
    }

    [Fact]
    public async Task A_backend_with_another_key_is_not_talked_to()
    {
        await MakeKeysAsync("back", "other");
        using ToolProcess pull = Peer("""
            s = server(zmq.PULL, "back")
            refused(s, lambda: print(s.bind_to_random_port("tcp://127.0.0.1"), flush=True))
            print(s.poll(0))
            """);
        using ToolProcess proxy = ToolProcess.Start("proxy", "streamer", "--frontend-bind", Anywhere, "--backend-connect",
            "tcp://127.0.0.1:" + await pull.ReadLineAsync(), "--backend-server-key", Key("other.key"));
        Assert.Equal(["0"], (await pull.EndAsync()).With(0).Lines);
    }

    [Fact]
    public async Task Each_side_lets_in_whom_it_allows()
    {
        EngineUnderTest.Current.Need(Abilities.Zap);
        await MakeKeysAsync("front", "back", "alice", "mallory");
        using ToolProcess proxy = ToolProcess.Start("proxy", "streamer",
            "--frontend-bind", Anywhere, "--frontend-cert", Key("front.key_secret"), "--frontend-allow", Key("alice.key"),
            "--backend-bind", Anywhere, "--backend-cert", Key("back.key_secret"));
        using ToolProcess pull = Peer("""
            s = client(zmq.PULL, "back")
            s.connect(endpoint); print(s.recv())
            """, proxy.Endpoint("backend bound to "));
        using ToolProcess push = Peer("""
            wrong = client(zmq.PUSH, "front", "mallory")
            refused(wrong, lambda: wrong.connect(endpoint))
            right = client(zmq.PUSH, "front", "alice")
            right.connect(endpoint); right.send(b"right")
            wrong.close(0)
            """, proxy.Endpoint("frontend bound to "));
        (await push.EndAsync()).With(0);
        Assert.Equal(["b'right'"], (await pull.EndAsync()).With(0).Lines);
        Assert.Contains("Denied: ", proxy.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--frontend-cert nobody.key_secret", "nobody.key_secret cannot be read")]
    [InlineData("--frontend-cert front.key", "has no secret key: --frontend-cert takes the file NAME.key_secret")]
    [InlineData("--frontend-allow front.key", "--frontend-allow is for a CURVE server, which has --frontend-cert")]
    [InlineData("--frontend-server-key soup", "'soup' is no file, and no key")]
    public async Task What_is_missing_of_keys_is_said(string options, string expected)
    {
        await MakeKeysAsync("front");
        string[] side = [.. options.Split(' ').Select(word => word.Contains('.', StringComparison.Ordinal) ? Key(word) : word)];
        Ending ending = await ToolProcess.RunAsync(
            ["proxy", "queue", "--frontend-bind", Anywhere, "--backend-bind", Anywhere, "--quiet", .. side]);
        Assert.Contains(expected, ending.With(2).Errors, StringComparison.Ordinal);
    }

    private string Key(string file) => Path.Combine(_folder, file);

    private ToolProcess Peer(string code, string endpoint = "") => PyzmqPeer.Start(Keys + code, endpoint, _folder);

    private async Task MakeKeysAsync(params string[] names)
    {
        foreach (string name in names) (await ToolProcess.RunAsync(["keygen", name, "--directory", _folder, "--quiet"])).With(0);
    }
}
