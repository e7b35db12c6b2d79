namespace ZmqLoop.Packages;

/// <summary>What somebody does who has read README's first screen.</summary>
public abstract class StrangerTests(PackedPackages packages)
{
    private protected PackedPackages Packages { get; } = packages;

    /// <summary>Runs the program on an engine: a client gets its answers, and Ctrl-C ends it well.</summary>
    private protected static async Task ServesAsync(string program, string engine)
    {
        using ExampleProcess service =
            ExampleProcess.StartProgram(program, ["tcp://127.0.0.1:*"], new Dictionary<string, string> { ["ZMQLOOP_ENGINE"] = engine });
        await ServesAsync(service);
    }

    /// <summary>The same of one that was started.</summary>
    private protected static async Task ServesAsync(ExampleProcess service)
    {
        string endpoint = await service.ReadToAsync("serving on ");
        using ZMQEngine clients = new NetMQEngine();
        using ZMQSocket client = clients.CreateSocket(SocketType.Req);
        client.Linger = TimeSpan.Zero;
        client.Connect(endpoint);
        Assert.Equal("4", Ask(client, "16"));
        Assert.StartsWith("error: ", Ask(client, "soup"), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows() && await service.InterruptAsync())
            Assert.True((await service.EndAsync()).ExitCode == 0, service.Errors);
    }

    private static string Ask(ZMQSocket client, string question)
    {
        using Message request = new(question);
        Deadline.WaitUntil(() => client.TrySend(request));
        Deadline.WaitUntil(() => (client.Events & IOEvents.Read) != 0);
        Assert.True(client.TryReceive(out Message? reply));
        return reply[0].ToText();
    }
}

public sealed class BuiltTests(PackedPackages packages) : StrangerTests(packages)
{
    [Fact]
    public async Task One_package_gives_the_readmes_program_on_NetMQ()
    {
        Stranger stranger = await Stranger.CreateAsync(Packages, "first", "ZmqLoop");
        (string program, string[] warnings) = await stranger.MakeAsync("build");
        Assert.Empty(warnings);
        await ServesAsync(program, "");
        await ServesAsync(program, "netmq");
    }

    [Fact]
    public async Task The_package_says_that_a_callback_blocks_its_loop_when_the_program_is_built()
    {
        Stranger stranger = await Stranger.CreateAsync(Packages, "blocking", "ZmqLoop");
        stranger.Add("Blocking.cs", """
            internal static class Blocking
            {
                public static void Add(ZmqLoop.IOLoop loop) => loop.AddCallback(() => Thread.Sleep(1000));
            }
            """);
        Assert.Equal(["cs ZLOOP001"], (await stranger.MakeAsync("build")).Warnings);
    }

    [Fact]
    public async Task Streams_and_the_other_engine_give_it_on_libzmq_without_NetMQ()
    {
        Stranger stranger = await Stranger.CreateAsync(Packages, "native", "ZmqLoop.Streams", "ZmqLoop.LibZmq");
        (string program, string[] warnings) = await stranger.MakeAsync("build");
        Assert.Empty(warnings);
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(program)!, "NetMQ.dll")));
        await ServesAsync(program, "");
        (program, warnings) = await stranger.MakeAsync("publish", "--use-current-runtime", "--self-contained", "-p:PublishTrimmed=true");
        Assert.Empty(warnings);
        await ServesAsync(program, "");
    }
}

public sealed class TrimmedTests(PackedPackages packages) : StrangerTests(packages)
{
    [Fact]
    public async Task In_a_trimmed_single_file_it_runs_on_both_engines()
    {
        Stranger stranger = await Stranger.CreateAsync(Packages, "trimmed", "ZmqLoop", "ZmqLoop.LibZmq");
        (string program, string[] warnings) = await stranger.MakeAsync("publish", "--use-current-runtime", "--self-contained",
            "-p:PublishTrimmed=true", "-p:PublishSingleFile=true");
        Assert.Equal(["NetMQ IL2104"], warnings);
        await ServesAsync(program, "netmq");
        await ServesAsync(program, "libzmq");
    }
}

public sealed class NativeTests(PackedPackages packages) : StrangerTests(packages)
{
    [Fact]
    public async Task With_Native_AOT_it_runs_on_both_engines()
    {
        Stranger stranger = await Stranger.CreateAsync(Packages, "ahead", "ZmqLoop", "ZmqLoop.LibZmq");
        (string program, string[] warnings) = await stranger.MakeAsync("publish", "--use-current-runtime", "-p:PublishAot=true");
        Assert.Equal(["AsyncIO IL3053", "NetMQ IL2104"], warnings);
        await ServesAsync(program, "netmq");
        await ServesAsync(program, "libzmq");
    }
}
