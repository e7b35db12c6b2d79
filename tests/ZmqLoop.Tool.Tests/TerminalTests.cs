using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>In a terminal of its own, which terminal.py makes.</summary>
public sealed class TerminalTests
{
    private const string Coloured = @"\e\[[0-9;]+m";

    [Fact]
    public async Task Ctrl_C_ends_it_with_130()
    {
        ToolProcess.SkipWhereInterruptsAreIgnored();
        using ToolProcess terminal = Start(["pull", "--bind", "tcp://127.0.0.1:*"]);
        await EndpointAsync(terminal);
        Assert.Equal(130, (await terminal.EndAsync("key c\n")).ExitCode);
    }

    [Fact]
    public async Task What_a_stranger_sends_cannot_colour_the_terminal()
    {
        using ToolProcess terminal = Start(["pull", "--bind", "tcp://127.0.0.1:*", "--count", "1"]);
        string endpoint = await EndpointAsync(terminal);
        await PyzmqPeer.RunAsync("s = connected(zmq.PUSH); s.send(b'\\x1b[31mred')", endpoint);
        string shown = (await terminal.EndAsync()).With(0).Output;
        Assert.Contains("\\x1b[31mred", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[31mred", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_coloured_and_not_where_NO_COLOR_is_set()
    {
        Assert.Matches(Coloured, (await Start(["pull"]).EndAsync()).With(2).Output);
        Assert.DoesNotMatch(Coloured, (await Start(["pull"], ("NO_COLOR", "1")).EndAsync()).With(2).Output);
    }

    [Fact]
    public async Task Lines_that_are_typed_are_messages_until_Ctrl_D()
    {
        using ToolProcess pull = ToolProcess.Start("pull", "--bind", "tcp://127.0.0.1:*", "--count", "2");
        using ToolProcess terminal = Start(["push", "--connect", pull.Endpoint()]);
        await terminal.Input.WriteAsync("text one\ntext two\n");
        await terminal.Input.FlushAsync();
        Assert.Equal(["one", "two"], (await pull.EndAsync()).With(0).Lines);
        (await terminal.EndAsync("end\n")).With(0);
    }

    [Fact]
    public async Task Long_work_shows_how_far_it_has_come()
    {
        using ToolProcess serve = ToolProcess.Start("bench", "serve", "--bind", "tcp://127.0.0.1:*");
        using ToolProcess terminal =
            Start(["bench", "run", "--connect", serve.Endpoint(), "--round-trips", "3000", "--messages", "100000"]);
        string shown = (await terminal.EndAsync()).With(0).Output;
        Assert.Contains("round trips", shown, StringComparison.Ordinal);
        Assert.Contains("━", shown, StringComparison.Ordinal); // Spectre.Console's bar
        Assert.Contains("latency: 3,000 round trips of 100 bytes", shown, StringComparison.Ordinal);
    }

    private static ToolProcess Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        Pyzmq.SkipIfMissing();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Python has no terminals on Windows.");
        return ToolProcess.StartProgram(
            [Pyzmq.Path, Path.Combine(AppContext.BaseDirectory, "Running", "terminal.py"), .. ToolProcess.Command, .. arguments],
            environment);
    }

    private static async Task<string> EndpointAsync(ToolProcess terminal)
    {
        const string Bound = "bound to ";
        string line = await terminal.ReadLineAsync();
        return line[(line.IndexOf(Bound, StringComparison.Ordinal) + Bound.Length)..].Split('\e')[0].Trim();
    }
}
