using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>How the tool ends, and what it says when it was used wrongly.</summary>
public sealed class ExitCodeTests
{
    private const string Nobody = "tcp://127.0.0.1:9"; // the port of discard, where nobody listens

    /// <summary>For a shell.</summary>
    private static string Tool => string.Join(' ', ToolProcess.Command.Select(static part => $"'{part}'"));

    [Theory]
    [InlineData("pull", "Say where: --connect tcp://host:5555")]
    [InlineData("pull --bind nonsense", "Binding nonsense failed")]
    [InlineData("pull --bind tcp://127.0.0.1:* --format soup", "soup")]
    [InlineData("pull --bind tcp://127.0.0.1:* --raw --format hex", "--raw goes with neither")]
    [InlineData("pull --bind tcp://127.0.0.1:* --timeout soon", "'soon' is no time")]
    [InlineData("push --connect tcp://127.0.0.1:9 @/no/such/file", "The frame '@/no/such/file' cannot be read")]
    [InlineData("push --connect tcp://127.0.0.1:9 --format hex 0g", "'0g' is no frame in hexadecimal")]
    [InlineData("pull --bind tcp://127.0.0.1:* --allow x", "--allow is for a CURVE server")]
    [InlineData("pull --bind tcp://127.0.0.1:* --count many", "--count takes a whole number: 'many' is none")]
    [InlineData("pull --bind tcp://127.0.0.1:* --hwm -1", "--hwm takes a number of messages")]
    [InlineData("proxy queue --frontend-bind tcp://127.0.0.1:* --backend-bind tcp://127.0.0.1:* --hwm -1", "--hwm takes a number")]
    [InlineData("soup", "'soup'")]
    [InlineData("pull --soup", "zmqloop pull --help")]
    public async Task Wrong_use_ends_with_2_and_one_line_that_says_what_to_do(string arguments, string expected)
    {
        Ending ending = await ToolProcess.RunAsync(arguments.Split(' '));
        Assert.Contains(expected, ending.With(2).OneLine(), StringComparison.Ordinal);
        Assert.Empty(ending.Output);
    }

    [Fact]
    public async Task An_engine_that_the_environment_names_wrongly_is_said()
    {
        using ToolProcess tool = ToolProcess.StartProgram([.. ToolProcess.Command, "pull", "--bind", "tcp://127.0.0.1:*"],
            ("ZMQLOOP_ENGINE", "soup"));
        Assert.Contains("ZMQLOOP_ENGINE is 'soup': set it to netmq or libzmq", (await tool.EndAsync()).With(2).OneLine(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help > /dev/full", 1)]
    [InlineData("completion zsh > /dev/full", 1)]
    [InlineData("completion zsh >&-", 1)]
    [InlineData("pull --soup 2>&-", 2)]
    public async Task Where_nothing_can_be_written_it_ends_with_its_exit_code(string call, int expected)
    {
        Ending ending = await ShellAsync($"{call}; echo \"ended with $?\" >&2");
        if (expected == 1) Assert.Contains("zmqloop: ", ending.Errors, StringComparison.Ordinal);
        Assert.Contains($"ended with {expected}", ending.With(0).Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ending.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_and_cannot_be_written_is_an_error_and_no_reader_that_has_enough()
    {
        SkipWithoutFull();
        using ToolProcess pull = ToolProcess.StartProgram(["bash", "-c", $"{Tool} pull --bind 'tcp://127.0.0.1:*' > /dev/full"]);
        (await ToolProcess.RunAsync(["push", "--connect", pull.Endpoint(), "one"])).With(0);
        string said = (await pull.EndAsync()).With(1).Errors;
        Assert.Contains("stdout cannot be written, and what came is lost", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_with_1_and_one_line()
    {
        using ToolProcess first = ToolProcess.Start("pull", "--bind", "tcp://127.0.0.1:*");
        Ending second = await ToolProcess.RunAsync(["pull", "--bind", first.Endpoint()]);
        Assert.Contains("Somebody listens there", second.With(1).OneLine(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pull", "--bind", "tcp://127.0.0.1:*", "--quiet")]
    [InlineData("req", "--connect", Nobody, "hello")]
    [InlineData("push", "--connect", Nobody, "hello")]
    [InlineData("pub", "--bind", "tcp://127.0.0.1:*", "hello", "--quiet")]
    public async Task Waiting_for_too_long_ends_with_124(params string[] arguments)
    {
        Ending ending = await ToolProcess.RunAsync([.. arguments, "--timeout", "200ms"]);
        Assert.Empty(ending.With(124).Output);
    }

    [Fact]
    public async Task Too_few_within_the_time_end_with_124_and_some_without_a_count_with_0()
    {
        foreach ((string[] count, int expected) in (IEnumerable<(string[], int)>)[(["--count", "2"], 124), ([], 0)])
        {
            using ToolProcess pull = ToolProcess.Start(["pull", "--bind", "tcp://127.0.0.1:*", "--timeout", "8s", .. count]);
            (await ToolProcess.RunAsync(["push", "--connect", pull.Endpoint(), "one"])).With(0);
            Assert.Equal("one\n", (await pull.EndAsync()).With(expected).Output);
        }
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_signal_ends_it_when_what_has_come_is_written(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals to send on Windows.");
        if (signal == "INT") ToolProcess.SkipWhereInterruptsAreIgnored();
        using ToolProcess pull = ToolProcess.Start("pull", "--bind", "tcp://127.0.0.1:*", "--stats");
        (await ToolProcess.RunAsync(["push", "--connect", pull.Endpoint(), "one"])).With(0);
        Assert.Equal("one", await pull.ReadLineAsync());
        await pull.SignalAsync(signal);
        Ending ending = (await pull.EndAsync()).With(expected);
        Assert.Contains("1 received (3 B", ending.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_has_enough_ends_it_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no head on Windows.");
        using ToolProcess shell = ToolProcess.StartProgram(["bash", "-c", $"{Tool} sub --bind 'tcp://127.0.0.1:*' | head -n 1; "
            + "echo \"ended with ${PIPESTATUS[0]}\""]);
        using ToolProcess pub = PyzmqPeer.Start("""
            s = connected(zmq.XPUB); s.recv()
            while not s.poll(20): s.send(b"tick")
            """, shell.Endpoint());
        Ending ending = (await shell.EndAsync()).With(0);
        Assert.Equal(["tick", "ended with 0"], ending.Lines);
        Assert.StartsWith("zmqloop: bound to ", ending.OneLine(), StringComparison.Ordinal);
    }

    private static async Task<Ending> ShellAsync(string call)
    {
        SkipWithoutFull();
        using ToolProcess shell = ToolProcess.StartProgram(["bash", "-c", $"{Tool} {call}"]);
        return await shell.EndAsync();
    }

    private static void SkipWithoutFull() => Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full.");
}
