using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>Keys, passwords, and who is kept out.</summary>
public sealed class SecurityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zmqloop-keys-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Keygen_writes_files_that_pyzmq_reads_the_secret_one_for_its_owner_alone_and_overwrites_nothing()
    {
        Ending made = (await KeygenAsync("alice", "--metadata", "email=alice@example.com")).With(0);
        string secret = Path.Combine(_folder, "alice.key_secret");
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        string before = File.ReadAllText(secret);
        Assert.Contains("exists already", (await KeygenAsync("alice")).With(1).OneLine(), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(secret));
        string[] read = await PyzmqPeer.RunAsync("""
            public, secret = zmq.auth.load_certificate(arguments[0])
            assert zmq.curve_public(secret) == public
            print(public.decode())
            """, "", secret);
        Assert.Equal(made.Lines, read);
    }

    [Fact]
    public async Task A_CURVE_client_is_answered_by_a_pyzmq_server()
    {
        (await KeygenAsync("server")).With(0);
        using ToolProcess rep = PyzmqPeer.Start("""
            s = socket(zmq.REP)
            s.curve_publickey, s.curve_secretkey = zmq.auth.load_certificate(arguments[0])
            s.curve_server = True
            print(s.bind_to_random_port("tcp://127.0.0.1"), flush=True)
            s.send(s.recv().upper())
            """, "", Path.Combine(_folder, "server.key_secret"));
        string endpoint = "tcp://127.0.0.1:" + await rep.ReadLineAsync();
        Ending req = await ToolProcess.RunAsync(["req", "--connect", endpoint, "--server-key", Key("server.key"), "hello"]);
        Assert.Equal("HELLO\n", req.With(0).Output);
        (await rep.EndAsync()).With(0);
    }

    [Fact]
    public async Task A_CURVE_server_lets_in_whom_it_allows_and_the_monitor_sees_who_is_refused()
    {
        EngineUnderTest.Current.Need(Abilities.Zap);
        foreach (string name in (string[])["server", "alice", "mallory"]) (await KeygenAsync(name)).With(0);
        using ToolProcess rep = ToolProcess.Start(
            "rep", "--bind", "tcp://127.0.0.1:*", "--cert", Key("server.key_secret"), "--allow", Key("alice.key"));
        string[] client = ["--connect", rep.Endpoint(), "--server-key", Key("server.key"), "--cert"];
        Assert.Equal("hello\n", (await ToolProcess.RunAsync(["req", .. client, Key("alice.key_secret"), "hello"])).With(0).Output);
        Ending refused = await ToolProcess.RunAsync(
            ["monitor", "--type", "req", .. client, Key("mallory.key_secret"), "--until", "handshake-failed-auth", "--timeout", "20s"]);
        Assert.Contains("refused with status 400", refused.With(0).Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_wrong_keys_hears_that_the_handshake_failed()
    {
        EngineUnderTest.Current.Need(Abilities.Handshakes);
        foreach (string name in (string[])["server", "other"]) (await KeygenAsync(name)).With(0);
        using ToolProcess rep = ToolProcess.Start("rep", "--bind", "tcp://127.0.0.1:*", "--cert", Key("server.key_secret"));
        string[] req = ["req", "--connect", rep.Endpoint(), "--timeout", "2s", "hello"];
        foreach (string[] keys in (string[][])[["--server-key", Key("other.key")], []])
        {
            string said = (await ToolProcess.RunAsync([.. req, .. keys])).With(124).Errors;
            Assert.Contains("the handshake with tcp://127.0.0.1:", said, StringComparison.Ordinal);
            Assert.Contains("nothing was sent", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_password_comes_from_a_file_and_one_on_the_command_line_is_warned_of()
    {
        EngineUnderTest.Current.Need(Abilities.Plain);
        File.WriteAllText(Key("users"), "alice:secret\n");
        File.WriteAllText(Key("password"), "secret\n");
        using ToolProcess rep = ToolProcess.Start("rep", "--bind", "tcp://127.0.0.1:*", "--users", Key("users"));
        string[] req = ["req", "--connect", rep.Endpoint(), "--user", "alice", "hello"];
        Ending fromFile = await ToolProcess.RunAsync([.. req, "--password-file", Key("password")]);
        Assert.Equal("hello\n", fromFile.With(0).Output);
        Assert.Empty(fromFile.Errors.Trim());
        Ending seen = await ToolProcess.RunAsync([.. req, "--password", "secret"]);
        Assert.Contains("can see a password", seen.With(0).OneLine(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NetMQ_says_that_it_has_no_passwords_and_where_they_are()
    {
        Assert.SkipWhen(EngineUnderTest.Current.Can(Abilities.Plain), "libzmq has passwords.");
        Ending ending = await ToolProcess.RunAsync(["req", "--connect", "tcp://127.0.0.1:9", "--user", "a", "hello"]);
        Assert.Contains("add --engine libzmq", ending.With(2).OneLine(), StringComparison.Ordinal);
    }

    private string Key(string file) => Path.Combine(_folder, file);

    private Task<Ending> KeygenAsync(string name, params string[] more) =>
        ToolProcess.RunAsync(["keygen", name, "--directory", _folder, "--quiet", .. more]);
}
