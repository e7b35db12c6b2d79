using System.Text.RegularExpressions;
using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>In a terminal of its own, which terminal.py makes.</summary>
public sealed partial class TerminalTests
{
    private const string Coloured = @"\e\[[0-9;]+m";

    [Fact]
    public async Task Ctrl_C_ends_it_with_130()
    {
        ToolProcess.SkipWhereInterruptsAreIgnored();
        using TerminalProcess terminal = Start(["pull", "--bind", "tcp://127.0.0.1:*"]);
        await EndpointAsync(terminal);
        Assert.Equal(130, (await terminal.EndAsync("key c\n")).ExitCode);
    }

    [Fact]
    public async Task What_a_stranger_sends_cannot_colour_the_terminal()
    {
        using TerminalProcess terminal = Start(["pull", "--bind", "tcp://127.0.0.1:*", "--count", "1"]);
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
        using TerminalProcess terminal = Start(["push", "--connect", pull.Endpoint()]);
        await terminal.DoAsync("text one\ntext two");
        Assert.Equal(["one", "two"], (await pull.EndAsync()).With(0).Lines);
        (await terminal.EndAsync("end\n")).With(0);
    }

    [Fact]
    public async Task Long_work_shows_how_far_it_has_come()
    {
        using ToolProcess serve = ToolProcess.Start("bench", "serve", "--bind", "tcp://127.0.0.1:*");
        using TerminalProcess terminal =
            Start(["bench", "run", "--connect", serve.Endpoint(), "--round-trips", "3000", "--messages", "100000"]);
        string shown = (await terminal.EndAsync()).With(0).Output;
        Assert.Contains("round trips", shown, StringComparison.Ordinal);
        Assert.Contains("━", shown, StringComparison.Ordinal); // Spectre.Console's bar
        Assert.Contains("latency: 3,000 round trips of 100 bytes", shown, StringComparison.Ordinal);
    }

    private static TerminalProcess Start(string[] arguments, params (string Name, string Value)[] environment) =>
        TerminalProcess.Start([.. ToolProcess.Command, .. arguments], environment);

    private static async Task<string> EndpointAsync(TerminalProcess terminal)
    {
        string? endpoint = null;
        await terminal.WaitAsync(shown => (endpoint = Bound().Match(TerminalProcess.Plain(shown)).Groups[1].Value).Length > 0);
        return endpoint!;
    }

    [GeneratedRegex(@"bound to (\S+)\s")]
    private static partial Regex Bound();
}
