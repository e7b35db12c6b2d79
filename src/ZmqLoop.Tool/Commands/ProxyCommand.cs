using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Formats;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Sockets;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop proxy</c>.</summary>
internal sealed class ProxyCommand : ToolCommand
{
    private static readonly Dictionary<string, (SocketType Frontend, SocketType Backend)> _kinds = new()
    {
        ["queue"] = (SocketType.Router, SocketType.Dealer),
        ["forwarder"] = (SocketType.XSub, SocketType.XPub),
        ["streamer"] = (SocketType.Pull, SocketType.Push),
    };

    private readonly Argument<string> _kind = new Argument<string>("kind")
    {
        Description = "queue (requests to services), forwarder (publishers to subscribers) or streamer (pushers to pullers).",
    }.AcceptOnlyFromAmong([.. _kinds.Keys]);

    private readonly FormatOptions _format = new();
    private readonly Option<string[]> _frontendBind = Endpoints("--frontend-bind", "Where clients, publishers or pushers connect to.");
    private readonly Option<string[]> _frontendConnect = Endpoints("--frontend-connect", "Where they listen, if they do.");
    private readonly Option<string[]> _backendBind = Endpoints("--backend-bind", "Where services, subscribers or pullers connect to.");
    private readonly Option<string[]> _backendConnect = Endpoints("--backend-connect", "Where they listen, if they do.");
    private readonly SecurityOptions _frontendSecurity = new("frontend-");
    private readonly SecurityOptions _backendSecurity = new("backend-");
    private readonly Option<int?> _hwm = SocketOptions.Hwm("High-water marks of both sides.");
    private readonly Option<bool> _print = new("--print") { Description = "Writes to stdout what passes: 'in' or 'out', then the frames." };
    private readonly Option<bool> _stats = new("--stats") { Description = "Counts on stderr, each second." };

    public ProxyCommand() : base("proxy", "Forwards between two sides, until it is ended by a signal.",
        "proxy queue --frontend-bind tcp://*:5559 --backend-bind tcp://*:5560",
        "proxy forwarder --frontend-connect tcp://publisher:5556 --backend-bind tcp://*:5557 --stats",
        "proxy streamer --frontend-bind tcp://*:5557 --backend-bind tcp://*:5558 --print",
        "proxy queue --engine libzmq --frontend-bind tcp://*:5559 --frontend-cert server.key_secret --frontend-allow clients "
        + "--backend-connect tcp://10.0.0.2:5560        # CURVE outside, nothing inside")
    {
        Arguments.Add(_kind);
        foreach (Option option in (Option[])[_frontendBind, _frontendConnect, _backendBind, _backendConnect, _hwm, _print, _stats])
            Options.Add(option);
        _frontendSecurity.AddTo(this);
        _backendSecurity.AddTo(this);
        _format.AddTo(this);
        RunOnLoop(ForwardAsync);
    }

    private static Option<string[]> Endpoints(string name, string description) =>
        new(name) { Description = description, HelpName = "endpoint", DefaultValueFactory = static _ => [] };

    private async Task<int> ForwardAsync(Session session, ParseResult result)
    {
        MessageFormat format = _format.Read(result);
        (SocketType front, SocketType back) = _kinds[result.GetValue(_kind)!];
        using ZMQSocket frontend = Open(session, front, "frontend", _frontendBind, _frontendConnect, _frontendSecurity, result);
        using ZMQSocket backend = Open(session, back, "backend", _backendBind, _backendConnect, _backendSecurity, result);
        using ZMQProxy proxy = result.GetValue(_print) ? Watched(session, frontend, backend, format)
            : new ZMQProxy(frontend, backend, loop: session.Loop, options: new ProxyOptions { Name = "zmqloop" });
        using PeriodicCallback stats = new(() => Tell(proxy), TimeSpan.FromSeconds(1), session.Loop);
        if (result.GetValue(_stats)) stats.Start();
        try
        {
            await proxy.Completion.WaitAsync(session.Stopping);
        }
        finally
        {
            if (result.GetValue(_stats)) Tell(proxy);
        }

        return ExitCode.Done;
    }

    private static ZMQProxy Watched(Session session, ZMQSocket frontend, ZMQSocket backend, MessageFormat format)
    {
        const string Inside = "inproc://zmqloop-proxy";
        ZMQSocket capture = session.Engine.CreateSocket(SocketType.Push);
        capture.Bind(Inside);
        ZMQStream watcher =
            new(session.Engine.CreateSocket(SocketType.Pull), session.Loop, new ZMQStreamOptions { Name = "zmqloop.print" });
        session.Opened(watcher);
        watcher.Connect(Inside);
        watcher.OnRecv(async message =>
        {
            format.Write(message, session.Output.Buffer);
            await session.Output.FlushAsync();
        });
        return ZMQProxy.MonitoredQueue(frontend, backend, capture, loop: session.Loop);
    }

    private ZMQSocket Open(
        Session session, SocketType type, string side, Option<string[]> bind, Option<string[]> connect, SecurityOptions security,
        ParseResult result)
    {
        string[] bound = result.GetValue(bind)!;
        string[] connected = result.GetValue(connect)!;
        if (bound.Length + connected.Length == 0)
            throw new ToolException($"The {side} has no endpoint: --{side}-bind tcp://*:5559, or --{side}-connect tcp://host:5559.");
        ZMQSocket socket = session.Engine.CreateSocket(type);
        try
        {
            if (result.GetValue(_hwm) is { } hwm) socket.HighWaterMark = hwm;
            security.Apply(session, socket, result);
            foreach (string endpoint in bound)
            {
                socket.Bind(endpoint);
                session.Note($"{side} bound to {socket.LastEndpoint}");
            }

            foreach (string endpoint in connected) socket.Connect(endpoint);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Tell(ZMQProxy proxy)
    {
        ProxyStatistics counts = proxy.Statistics;
        ErrorLine.Note($"in {Units.Count(counts.MessagesIn)} ({Units.Bytes(counts.BytesIn)}), out {Units.Count(counts.MessagesOut)} "
            + $"({Units.Bytes(counts.BytesOut)})");
    }
}
