using System.Diagnostics;

namespace ZmqLoop.Tests;

/// <summary>What is promised of Native AOT, on tests/ZmqLoop.NetMQ.Aot, which <c>./build.sh test</c> publishes once for all of
/// it.</summary>
public sealed class AotTests
{
    private const int Messages = 4000; // as there
    private const int Contained = 3; // of the four that are known, the limit on messages prevents one

    private static readonly string _program = Path.Combine(Checkout.Root, "artifacts", "native-aot", "ZmqLoop.NetMQ.Aot");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Published_with_Native_AOT_a_service_answers_outlives_hostile_peers_and_loses_nothing_at_its_end()
    {
        Assert.SkipUnless(File.Exists(_program), "Nothing was published with Native AOT, as ./build.sh test does where it can.");
        using NetMQEngine engine = new();
        using ZMQSocket pull = engine.CreateSocket(SocketType.Pull);
        pull.ReceiveHighWaterMark = 1; // so that most of it waits for us when the program has ended
        int port = pull.BindToRandomPort("tcp://127.0.0.1");
        (int exitCode, string output, string errors) = await RunAsync($"tcp://127.0.0.1:{port}");
        Assert.True(exitCode == 0, output + errors);
        string poller = OperatingSystem.IsLinux() ? "EpollPoller" : "SelectorPoller";
        Assert.Equal(
            [$"waits with {poller}", "re: first", "re: after the attacks", $"contained {Contained}", "ended"],
            output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        for (int i = 0; i < Messages; i++)
        {
            Message? message = null;
            Deadline.WaitUntil(() => pull.TryReceive(out message), () => $"{i} of {Messages} have come");
            Assert.Equal($"{i}", message![0].ToText().TrimEnd('.'));
        }
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string endpoint)
    {
        ProcessStartInfo start = new(_program, [endpoint]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Deadline.Default);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
