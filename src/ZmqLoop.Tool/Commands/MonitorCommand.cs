using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZmqLoop.Streams;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Sockets;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop monitor</c>.</summary>
internal sealed class MonitorCommand : ToolCommand
{
    private static readonly SocketType[] _types = [SocketType.Dealer, SocketType.Router, SocketType.Req, SocketType.Rep, SocketType.Pub,
        SocketType.Sub, SocketType.XPub, SocketType.XSub, SocketType.Push, SocketType.Pull, SocketType.Pair];

    private readonly SocketOptions _socket = new();
    private readonly FlowOptions _flow = new("Ends after so many events.");

    private readonly Option<string> _type = new Option<string>("--type")
    {
        Description = "The type of socket that tries: one that goes with the peer's, or it is refused.",
        DefaultValueFactory = static _ => "dealer",
    }.AcceptOnlyFromAmong([.. _types.Select(NameOf)]);

    private readonly Option<string?> _until = new Option<string?>("--until")
    {
        Description = "Ends with 0 at the first such event; with --timeout, 124 where there was none.",
        HelpName = "event",
    }.AcceptOnlyFromAmong([.. Events().Select(NameOf)]);

    private readonly Option<bool> _json = new("--json") { Description = "An object in JSON for each event." };

    public MonitorCommand() : base("monitor",
        "Tells what happens to a socket's connections: who came, who went, which handshake failed and why. NetMQ tells of no handshakes.",
        "monitor --connect tcp://host:5555                       # is somebody there?",
        "monitor --connect tcp://host:5555 --server-key server.key --engine libzmq --until handshake-succeeded --timeout 5s",
        "monitor --bind tcp://*:5555 --type pull --json          # who connects")
    {
        _socket.AddTo(this);
        _flow.AddTo(this);
        Options.Add(_type);
        Options.Add(_until);
        Options.Add(_json);
        RunOnLoop(WatchAsync);
    }

    private static string NameOf(SocketType type) => type.ToString().ToLowerInvariant();

    /// <summary>As <c>handshake-succeeded</c>.</summary>
    private static string NameOf(ZMQSocketEvents occurred) => string.Concat(occurred.ToString()
        .Select(static (letter, i) => (char.IsUpper(letter) && i > 0 ? "-" : "") + char.ToLowerInvariant(letter)));

    private static IEnumerable<ZMQSocketEvents> Events() =>
        Enum.GetValues<ZMQSocketEvents>().Where(static one => one is not (ZMQSocketEvents.None or ZMQSocketEvents.All));

    private async Task<int> WatchAsync(Session session, ParseResult result)
    {
        using Flow flow = _flow.Read(session, result);
        SocketType type = _types.First(type => NameOf(type) == result.GetValue(_type));
        ZMQStream stream = null!;
        SocketMonitor monitor = null!;
        stream = _socket.Open(session, type, result, socket => monitor = new SocketMonitor(socket, session.Loop));
        if (type is not (SocketType.Push or SocketType.Pub)) stream.OnRecv(static _ => { }); // a peer that sends is not held up
        try
        {
            return await WatchAsync(session, monitor, flow, result);
        }
        catch (OperationCanceledException) when (flow.IsLate)
        {
            bool tooFew = result.GetValue(_until) is not null || flow.Count is not null || flow.Received.Messages == 0;
            return tooFew ? ExitCode.TimedOut : ExitCode.Done;
        }
        finally
        {
            stream.Close(TimeSpan.Zero);
            monitor.Close();
        }
    }

    private async Task<int> WatchAsync(Session session, SocketMonitor monitor, Flow flow, ParseResult result)
    {
        string? until = result.GetValue(_until);
        await foreach (SocketEvent occurred in monitor.ReadAllAsync(flow.Ending))
        {
            string line = result.GetValue(_json) ? Json(occurred) : Text(occurred);
            flow.NoteReceived(new Message(line));
            PrintableText.WriteText(session.Output.Buffer, line + "\n");
            await session.Output.FlushAsync();
            if (NameOf(occurred.Event) == until || flow.Received.Messages == flow.Count) return ExitCode.Done;
        }

        return ExitCode.Done;
    }

    private static string Text(SocketEvent occurred) => PrintableText.Of(
        $"{Units.Time(TimeProvider.System.GetUtcNow())} {NameOf(occurred.Event)} {occurred.Endpoint}"
        + (occurred.Reason.Length > 0 ? $": {occurred.Reason}" : ""));

    private static string Json(SocketEvent occurred) => new JsonObject
    {
        ["time"] = Units.Time(TimeProvider.System.GetUtcNow()),
        ["event"] = NameOf(occurred.Event),
        ["endpoint"] = occurred.Endpoint,
        ["value"] = occurred.Value,
        ["reason"] = occurred.Reason,
    }.ToJsonString(JsonSerializerOptions.Default);
}
