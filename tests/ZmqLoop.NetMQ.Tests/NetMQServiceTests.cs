using System.Diagnostics;
using System.Text.Json.Nodes;
using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>The example, run as its users run it: an application that references this engine alone.</summary>
public sealed class NetMQServiceTests
{
    private const string Client = """
        import json, sys, zmq
        client = zmq.Context.instance().socket(zmq.REQ)
        client.connect(sys.argv[1])
        for n in range(200):
            client.send_json({"args": [n, n, 1]})
            if not client.poll(20000): sys.exit("no answer")
            reply = client.recv_json()
            if reply != {"ok": True, "result": 2 * n + 1}: sys.exit(repr(reply))
        client.send_json({"args": [1], "fail": "reply"})
        print(client.recv_json()["error"])
        """;

    [Fact]
    public async Task The_service_answers_good_requests_and_those_that_fail_anywhere_on_their_way()
    {
        using ExampleProcess service = ExampleProcess.Start("NetMQService", ["tcp://127.0.0.1:*"]);
        string endpoint = await service.ReadToAsync("serving on ");
        using RequestSocket client = new(endpoint);
        Assert.Equal("""{"ok":true,"result":6}""", Ask(client, """{"args":[1,2,3]}"""));
        foreach (string where in (string[])["timer", "pool", "reply"])
            Assert.Equal($"failed in its {where}", (string?)JsonNode.Parse(Ask(client, $$"""{"args":[1],"fail":"{{where}}"}"""))!["error"]);
        Assert.Contains("\"ok\":false", Ask(client, "nonsense"), StringComparison.Ordinal);
        Assert.Equal("""{"ok":true,"result":0}""", Ask(client, "{}"));
        (int exitCode, string output) = await service.EndByCtrlCAsync();
        Assert.True(exitCode == 0, service.Errors);
        Assert.Contains("answered 6", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_with_pyzmq_is_served_as_well()
    {
        Pyzmq.SkipIfMissing();
        using ExampleProcess service = ExampleProcess.Start("NetMQService", ["tcp://127.0.0.1:*"]);
        string endpoint = await service.ReadToAsync("serving on ");
        using Process python = Process.Start(new ProcessStartInfo(Pyzmq.Path, ["-c", Client, endpoint]) { RedirectStandardOutput = true,
            RedirectStandardError = true })!;
        string errors = await python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("failed in its reply", ""), (output.Trim(), errors.Trim()));
        Assert.Equal(0, (await service.EndByCtrlCAsync()).ExitCode);
    }

    private static string Ask(RequestSocket client, string request)
    {
        client.SendFrame(request);
        Assert.True(client.TryReceiveFrameString(Deadline.Default, out string? reply), "no answer");
        return reply;
    }
}
