using System.Globalization;
using NetMQ;
using ZmqLoop.Interop;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>What was sent before a socket is closed arrives, also where the peer reads it when the sender has gone.</summary>
public sealed class LingerTests
{
    private const int Messages = 4000;
    private const string Endpoint = "ZMQLOOP_LINGER_ENDPOINT";

    [Theory]
    [InlineData(nameof(Here_a_socket_sends_and_is_closed))]
    [InlineData(nameof(Here_a_stream_sends_and_is_closed))]
    public async Task A_peer_that_reads_later_gets_all_that_was_sent(string sender)
    {
        Assert.True(CloseInternals.AreKnown);
        using NetMQEngine engine = new();
        using ZMQSocket pull = engine.CreateSocket(SocketType.Pull);
        pull.ReceiveHighWaterMark = 1; // so that nearly all waits in the kernel
        int port = pull.BindToRandomPort("tcp://127.0.0.1");
        (int exitCode, string output) = await TestProcess.RunAsync(typeof(LingerTests), sender, (Endpoint, $"tcp://127.0.0.1:{port}"));
        Assert.True(exitCode == 0, output);
        Assert.Contains("Failed: 0, Skipped: 0", output, StringComparison.Ordinal);
        List<string> received = [];
        while (received.Count < Messages)
        {
            Message? message = null;
            Deadline.WaitUntil(() => pull.TryReceive(out message), () => $"{received.Count} of {Messages} have come");
            received.Add(message![0].ToText().TrimEnd('.'));
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(static i => $"{i}"), received);
    }

    [Fact]
    public void Here_a_socket_sends_and_is_closed()
    {
        TestProcess.SkipElsewhere();
        using NetMQEngine engine = new();
        using (ZMQSocket push = engine.CreateSocket(SocketType.Push))
        {
            push.Connect(Environment.GetEnvironmentVariable(Endpoint)!);
            for (int i = 0; i < Messages; i++)
            {
                using Message message = Make(i);
                Deadline.WaitUntil(() => push.TrySend(message));
            }

            push.Linger = Deadline.Default;
        }

        Deadline.RunThread(() => NetMQConfig.Cleanup());
    }

    [Fact]
    public void Here_a_stream_sends_and_is_closed()
    {
        TestProcess.SkipElsewhere();
        using ZMQIOLoop loop = new(new NetMQEngine(), new IOLoopOptions { MakeCurrent = false });
        loop.RunSync(async () =>
        {
            ZMQStream push = new(loop.Engine.CreateSocket(SocketType.Push), loop);
            push.Socket.Linger = Deadline.Default;
            push.Connect(Environment.GetEnvironmentVariable(Endpoint)!);
            for (int i = 0; i < Messages; i++) push.Send(Make(i));
            await push.CloseAsync(Deadline.Default);
        });
        Deadline.RunThread(() => NetMQConfig.Cleanup());
    }

    private static Message Make(int number) => new(number.ToString(CultureInfo.InvariantCulture).PadRight(100, '.'));
}
