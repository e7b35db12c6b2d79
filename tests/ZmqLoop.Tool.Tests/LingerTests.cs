using System.Globalization;
using System.Text.RegularExpressions;
using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>What is unsent when the tool is to end.</summary>
public sealed partial class LingerTests
{
    private const int Count = 200;
    private const int Size = 100_000; // more of them than sockets and the system take for a peer that does not read

    // Reads when it is told to, on stdin.
    private const string Pull = """
        s = socket(zmq.PULL)
        s.rcvhwm = 1
        print(s.bind_to_random_port("tcp://127.0.0.1"), flush=True)
        sys.stdin.readline()
        print(sum(len(s.recv()) for _ in range(int(arguments[0]))))
        """;

    [Fact]
    public async Task What_waits_at_a_signal_is_sent_for_as_long_as_linger_says()
    {
        using ToolProcess pull = PyzmqPeer.Start(Pull, "", $"{Count}");
        using ToolProcess push = await PushAsync(pull, "1h");
        await push.SignalAsync("TERM");
        WaitFor(push, "to be sent, for ");
        Assert.Equal([$"{Count * Size}"], (await pull.EndAsync("read\n")).With(0).Lines);
        Assert.DoesNotContain("lost", (await push.EndAsync()).With(143).Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("300ms", "300 ms were not enough")]
    [InlineData("0", "--linger 0 waits for nothing")]
    public async Task How_many_are_left_is_said(string linger, string why)
    {
        using ToolProcess pull = PyzmqPeer.Start(Pull, "", "0");
        using ToolProcess push = await PushAsync(pull, linger);
        await push.SignalAsync("TERM");
        Match said = Left().Match((await push.EndAsync()).With(143).Errors);
        Assert.InRange(int.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture), 1, Count);
        Assert.Contains(why, said.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_waits_for_nothing()
    {
        using ToolProcess pull = PyzmqPeer.Start(Pull, "", "0");
        using ToolProcess push = await PushAsync(pull, "1h");
        await push.SignalAsync("TERM");
        WaitFor(push, "a second signal ends it at once");
        await push.SignalAsync("TERM");
        (await push.EndAsync()).With(143);
    }

    [Fact]
    public async Task What_the_socket_had_taken_and_nobody_took_is_told_of()
    {
        using ToolProcess pull = PyzmqPeer.Start(Pull, "", "0");
        using ToolProcess push = ToolProcess.Start("push", "--connect", await EndpointAsync(pull), "--linger", "300ms", "--quiet");
        Assert.Contains("what was sent may be lost", (await push.EndAsync(Lines())).With(0).OneLine(), StringComparison.Ordinal);
    }

    /// <summary>A tool that has sent what it can, and has the rest in its queue.</summary>
    private static async Task<ToolProcess> PushAsync(ToolProcess pull, string linger)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals to send on Windows.");
        ToolProcess push = ToolProcess.Start(
            "push", "--connect", await EndpointAsync(pull), "--linger", linger, "--hwm", "2", "--stats");
        await push.Input.WriteAsync(Lines());
        await push.Input.FlushAsync();
        Deadline.WaitUntil(() => Stalled().IsMatch(push.Errors), () => push.Errors);
        return push;
    }

    private static async Task<string> EndpointAsync(ToolProcess pull) => "tcp://127.0.0.1:" + await pull.ReadLineAsync();

    private static string Lines() => string.Concat(Enumerable.Repeat(new string('x', Size) + "\n", Count));

    private static void WaitFor(ToolProcess process, string text) =>
        Deadline.WaitUntil(() => process.Errors.Contains(text, StringComparison.Ordinal), () => process.Errors);

    [GeneratedRegex("([0-9]+) messages? waits? and will not be sent.*")]
    private static partial Regex Left();

    // As many as a second before.
    [GeneratedRegex(@" ([1-9][0-9]*) sent \([^)]*\)\s[^\n]* \1 sent \(")]
    private static partial Regex Stalled();
}
