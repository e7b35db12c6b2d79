namespace ZmqLoop.Compare;

/// <summary>All peers: where their programs are, or why they are not. `./build.sh compare` looks for what they need and says so in
/// variables.</summary>
internal sealed class Peers
{
    public const string OursOnLibzmq = "ours";
    public const string OursOnNetMQ = "ours-netmq";
    public const string ZmqPoll = "c-zmq_poll";
    public const string BareC = "c-bare";
    public const string CEpoll = "c-epoll";
    public const string Libuv = "libuv";
    public const string PyzmqStream = "pyzmq-stream";
    public const string PyzmqRecv = "pyzmq-recv";
    public const string ZeromqJs = "zeromq.js";
    public const string Tornado = "tornado";
    public const string Asyncio = "asyncio";
    public const string NetMQPoller = "netmq-poller";
    public const string NetMQPollerOne = "netmq-poller-one";
    public const string BareNetMQ = "netmq-bare";

    /// <summary>The key of tornado as it was while it had stack contexts.</summary>
    public const string Tornado45 = "tornado-4.5";

    private static readonly string[] _engines = ["netmq", "libzmq"];

    // How README's program is published, and what that is called.
    private static readonly (string Way, string Label)[] _ways =
        [("jit", "needs .NET"), ("trimmed", "trimmed single file"), ("ready", "the same, ReadyToRun"), ("native", "Native AOT")];

    private readonly Dictionary<string, Peer> _byKey;
    private readonly Func<string, string?> _variable;

    public Peers(string root, Func<string, string?> variable)
    {
        _variable = variable;
        string programs = Path.Combine(root, "bench", "peers");
        string compiled = Path.Combine(root, "artifacts", "peers");
        string benchmarks = Path.Combine(root, "artifacts", "bin", "ZmqLoop.Benchmarks", "release", "ZmqLoop.Benchmarks.dll");
        string python = variable("ZMQLOOP_PYTHON") is { Length: > 0 } file ? file : "python3";
        string zmq = Path.Combine(compiled, "zmq_peer");
        string loops = Path.Combine(programs, "loop_peer.py");
        string streams = Path.Combine(programs, "pyzmq_peer.py");

        Helper = new Peer("the C helper", "", [zmq, "bare"], Reason("ZMQLOOP_C_REASON"));
        _byKey = new Dictionary<string, Peer>(StringComparer.Ordinal)
        {
            [OursOnLibzmq] = new(OursOnLibzmq, "ZmqLoop on libzmq", ["dotnet", benchmarks, "peer", "libzmq"], null),
            [OursOnNetMQ] = new(OursOnNetMQ, "ZmqLoop on NetMQ", ["dotnet", benchmarks, "peer", "netmq"], null),
            [ZmqPoll] = new(ZmqPoll, "C, zmq_poll", [zmq, "poll"], Reason("ZMQLOOP_C_REASON")),
            [BareC] = new(BareC, "C, a bare loop", [zmq, "bare"], Reason("ZMQLOOP_C_REASON")),
            [CEpoll] = new(CEpoll, "C, epoll", [zmq, "epoll"], Reason("ZMQLOOP_C_REASON")),
            [Libuv] = new(Libuv, "libuv, in C", [Path.Combine(compiled, "uv_peer")], Reason("ZMQLOOP_LIBUV_REASON")),
            [PyzmqStream] = new(
                PyzmqStream,
                "pyzmq's ZMQStream",
                [python, streams, "stream"],
                Reason("ZMQLOOP_PYTHON_REASON") ?? Reason("ZMQLOOP_TORNADO_REASON")),
            [PyzmqRecv] = new(PyzmqRecv, "pyzmq, a bare loop", [python, streams, "recv"], Reason("ZMQLOOP_PYTHON_REASON")),
            [ZeromqJs] = new(ZeromqJs, "zeromq.js", ["node", Path.Combine(programs, "zeromq_peer.js")], Reason("ZMQLOOP_NODE_REASON")),
            [Tornado] = new(
                Tornado, "tornado", [python, loops, "tornado"], Reason("ZMQLOOP_PYTHON_REASON") ?? Reason("ZMQLOOP_TORNADO_REASON")),
            [Tornado45] = new(Tornado, "tornado", [python, loops, "tornado"], Reason("ZMQLOOP_PYTHON_REASON") ?? MissingTornado45()),
            [Asyncio] = new(Asyncio, "asyncio", [python, loops, "asyncio"], Reason("ZMQLOOP_PYTHON_REASON")),
            [NetMQPoller] = new(NetMQPoller, "NetMQPoller", ["dotnet", benchmarks, "netmq-peer", "poller"], null),
            [NetMQPollerOne] = new(NetMQPollerOne, "NetMQPoller, one an event", ["dotnet", benchmarks, "netmq-peer", "one"], null),
            [BareNetMQ] = new(BareNetMQ, "NetMQ, a bare loop", ["dotnet", benchmarks, "netmq-peer", "bare"], null),
        };
        foreach ((string way, string label) in _ways)
        {
            foreach (string engine in _engines)
            {
                string program = Path.Combine(root, "artifacts", "published", way, "Quickstart");
                string? missing = File.Exists(program) ? null
                    : $"It was not published: see {Path.Combine("artifacts", "setup", way)}.log.";
                string key = Published(way, engine);
                _byKey.Add(key, new Peer(key, label, ["env", "ZMQLOOP_ENGINE=" + engine, program], missing));
            }
        }
    }

    /// <summary>The key of README's program, published in one way, on an engine.</summary>
    public static string Published(string way, string engine) => $"{way}-{engine}";

    /// <summary>The other end of every peer's sockets.</summary>
    public Peer Helper { get; }

    public Peer this[string key] => _byKey[key];

    public static bool IsOurs(string name) => name is OursOnLibzmq or OursOnNetMQ;

    public static bool IsNetMQ(string key) => key is NetMQPoller or NetMQPollerOne or BareNetMQ;

    private string? Reason(string variable) => _variable(variable) is { Length: > 0 } reason ? reason : null;

    private string? MissingTornado45() => _variable("ZMQLOOP_TORNADO45") switch
    {
        null or "" => "tornado 4.5 is not shipped: set ZMQLOOP_TORNADO45 to the folder of a copy's package, which holds stack_context.py.",
        { } folder when !File.Exists(Path.Combine(folder, "stack_context.py")) =>
            $"There is no stack_context.py in ZMQLOOP_TORNADO45, {folder}.",
        _ => null,
    };
}
