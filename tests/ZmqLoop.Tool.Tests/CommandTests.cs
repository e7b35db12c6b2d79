using System.Text.Json.Nodes;
using ZmqLoop.Tool.Tests.Running;

namespace ZmqLoop.Tool.Tests;

/// <summary>The commands that are no single socket.</summary>
public sealed class CommandTests
{
    public static TheoryData<string> Commands() =>
        ["sub", "pub", "push", "pull", "req", "rep", "dealer", "router", "proxy", "monitor", "keygen",
        "bench serve", "bench run", "top", "completion"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_commands_help_has_examples_under_the_name_that_one_types(string command)
    {
        string help = (await ToolProcess.RunAsync([.. command.Split(' '), "--help"])).With(0).Output;
        Assert.Contains($"  zmqloop {command} ", help, StringComparison.Ordinal);
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        Assert.DoesNotContain("ZmqLoop.Tool", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_forwards_both_ways_and_shows_what_passes()
    {
        using ToolProcess proxy = ToolProcess.Start("proxy", "queue", "--frontend-bind", "tcp://127.0.0.1:*", "--backend-bind",
            "tcp://127.0.0.1:*", "--print", "--format", "json");
        string backend = proxy.Endpoint("backend bound to ");
        using ToolProcess rep = ToolProcess.Start("rep", "--connect", backend, "--count", "1", "--reply", "{0}!");
        string[] answer = await PyzmqPeer.RunAsync(
            "s = connected(zmq.REQ); s.send(b'hello'); print(s.recv())", proxy.Endpoint("frontend bound to "));
        Assert.Equal(["b'hello!'"], answer);
        Assert.StartsWith("[\"in\",", await proxy.ReadLineAsync(), StringComparison.Ordinal);
        Assert.StartsWith("[\"out\",", await proxy.ReadLineAsync(), StringComparison.Ordinal);
        await proxy.SignalAsync("TERM");
        (await proxy.EndAsync()).With(143);
        (await rep.EndAsync()).With(0);
    }

    [Fact]
    public async Task The_monitor_tells_who_comes_and_ends_at_the_event_that_is_waited_for()
    {
        using ToolProcess monitor =
            ToolProcess.Start("monitor", "--bind", "tcp://127.0.0.1:*", "--type", "pull", "--json", "--until", "disconnected");
        await PyzmqPeer.RunAsync("s = connected(zmq.PUSH); s.send(b'hello')", monitor.Endpoint());
        string[] events = [.. (await monitor.EndAsync()).With(0).Lines.Select(static line => (string)JsonNode.Parse(line)!["event"]!)];
        Assert.Equal(["listening", "accepted"], events[..2]);
        Assert.Equal("disconnected", events[^1]);
    }

    [Fact]
    public async Task Bench_counts_what_it_was_told_to_measure()
    {
        using ToolProcess serve = ToolProcess.Start("bench", "serve", "--bind", "tcp://127.0.0.1:*");
        Ending run = await ToolProcess.RunAsync(["bench", "run", "--connect", serve.Endpoint(), "--size", "10", "--round-trips", "50",
            "--messages", "20000", "--json"]);
        JsonNode result = JsonNode.Parse(run.With(0).Output)!;
        Assert.Equal((10, 50, 20_000), ((int)result["size"]!, (int)result["latency"]!["count"]!, (int)result["rate"]!["count"]!));
        Assert.InRange((double)result["latency"]!["p50"]!, 1e-7, (double)result["latency"]!["max"]!);
        Assert.True((double)result["rate"]!["perSecond"]! > 0);
    }
}
