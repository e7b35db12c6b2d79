using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Bench;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Sockets;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop bench run</c>.</summary>
internal sealed class BenchRunCommand : ToolCommand
{
    private const int MostRoundTrips = 10_000_000; // whose times are kept
    private const int LargestSize = 64 << 20;

    private readonly SocketOptions _socket = new();

    private readonly Option<int> _size = new("--size") { Description = "Bytes of a message.", DefaultValueFactory = static _ => 100 };

    private readonly Option<int> _roundTrips = new("--round-trips")
    {
        Description = "How many to time, one after the other; 0 for none.",
        DefaultValueFactory = static _ => 10_000,
    };

    private readonly Option<long> _messages = new("--messages")
    {
        Description = "How many to send as fast as they go; 0 for none.",
        DefaultValueFactory = static _ => 1_000_000,
    };

    private readonly Option<TimeSpan?> _timeout =
        Duration.Option("--timeout", "Gives up, with 124, when for so long nothing has moved. Default 10s.", "-t");

    private readonly Option<bool> _json = new("--json") { Description = "The result as an object in JSON; times in seconds." };

    public BenchRunCommand() : base("run", "Measures against 'bench serve': round trips one after the other, then messages one way.",
        "bench run --connect tcp://there:5600",
        "bench run --connect tcp://there:5600 --size 1000 --round-trips 0 --messages 100000 --json")
    {
        foreach (Option option in (Option[])[_size, _roundTrips, _messages, _timeout, _json]) Options.Add(option);
        _socket.AddTo(this);
        RunOnLoop(MeasureAsync);
    }

    private async Task<int> MeasureAsync(Session session, ParseResult result)
    {
        (int size, int roundTrips, long messages) = (result.GetValue(_size), result.GetValue(_roundTrips), result.GetValue(_messages));
        if (size is < 0 or > LargestSize) throw new ToolException($"--size takes 0 to {LargestSize} bytes.");
        if (roundTrips is < 0 or > MostRoundTrips) throw new ToolException($"--round-trips takes 0 to {MostRoundTrips}.");
        if (messages < 0) throw new ToolException("--messages takes a number.");
        using Flow flow = new(session, null, result.GetValue(_timeout) ?? TimeSpan.FromSeconds(10), reports: false);
        Presence presence = null!;
        ZMQStream stream = _socket.Open(session, SocketType.Dealer, result, socket => presence = new Presence(session, socket));
        if (!await presence.WaitAsync(flow)) return ExitCode.TimedOut;
        BenchClient client = new(session, stream, flow, size);
        try
        {
            double[] times = await ProgressBar.ShowAsync(session, "round trips", roundTrips, () => flow.Received.Messages,
                () => client.MeasureLatencyAsync(roundTrips));
            long before = flow.Sent.Messages;
            double seconds = messages == 0 ? 0 : await ProgressBar.ShowAsync(session, "messages", messages,
                () => flow.Sent.Messages - before, () => client.MeasureRateAsync(messages));
            BenchResult measured = new(size, times, messages, seconds);
            PrintableText.WriteText(session.Output.Buffer, result.GetValue(_json) ? measured.ToJson() : measured.ToText());
        }
        catch (OperationCanceledException) when (flow.IsLate)
        {
            session.Warn("no answer: is 'zmqloop bench serve' there?");
            return ExitCode.TimedOut;
        }

        return ExitCode.Done;
    }
}
