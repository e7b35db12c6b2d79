using System.Buffers;
using System.CommandLine;
using System.Text;
using ZmqLoop.Streams;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Sockets;

/// <summary>What all sockets have: where they bind and connect, and how they are.</summary>
internal sealed class SocketOptions
{
    private const int LongestIdentity = 255;

    private static readonly SearchValues<char> _hexadecimal = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly TimeSpan _usualLinger = TimeSpan.FromSeconds(5);

    private readonly SecurityOptions _security = new();

    private readonly Option<string[]> _bind = new("--bind", "-b")
    {
        Description = "Where to listen, such as tcp://*:5555, or tcp://127.0.0.1:* for a free port; more than once for several.",
        HelpName = "endpoint",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string[]> _connect = new("--connect", "-c")
    {
        Description = "What to connect to, such as tcp://host:5555; more than once for several.",
        HelpName = "endpoint",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<int?> _hwm =
        Hwm("High-water marks, of sending and of receiving: how many messages may wait for a peer; 0 for no limit.");

    private readonly Option<TimeSpan?> _linger = Duration.Option("--linger",
        "How long what was sent may still be on its way at the end. Default 5s.");

    private readonly Option<string?> _identity = new("--identity")
    {
        Description = "The routing id, by which a ROUTER knows this socket: text, or 0x and hexadecimal.",
        HelpName = "id",
    };

    private readonly Option<bool> _ipv6 = new("--ipv6") { Description = "Takes IPv6 addresses as well." };

    /// <summary><c>--hwm</c>.</summary>
    public static Option<int?> Hwm(string description)
    {
        Option<int?> option = new("--hwm") { Description = description, HelpName = "messages" };
        option.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int?>() < 0) result.AddError("--hwm takes a number of messages, or 0 for no limit.");
        });
        return option;
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_bind, _connect, _hwm, _linger, _identity, _ipv6]) command.Options.Add(option);
        _security.AddTo(command);
    }

    public bool HasHwm(ParseResult result) => result.GetValue(_hwm) is not null;

    public TimeSpan LingerOf(ParseResult result) => result.GetValue(_linger) ?? _usualLinger;

    /// <summary>Opens a socket as the command line says, bound and connected.</summary>
    /// <param name="session">Whose loop and engine.</param>
    /// <param name="type">Which.</param>
    /// <param name="result">The command line.</param>
    /// <param name="prepare">What else is to be set before it is bound and connected.</param>
    public ZMQStream Open(Session session, SocketType type, ParseResult result, Action<ZMQSocket>? prepare = null)
    {
        ZMQSocket socket = session.Engine.CreateSocket(type);
        ZMQStream stream = new(socket, session.Loop, new ZMQStreamOptions { Name = "zmqloop", SendQueueLimit = 1000 });
        session.Opened(stream);
        Prepare(session, socket, result);
        prepare?.Invoke(socket);
        Attach(session, socket, result);
        return stream;
    }

    /// <summary>Sets what the command line says, but for the endpoints.</summary>
    public void Prepare(Session session, ZMQSocket socket, ParseResult result)
    {
        socket.Linger = LingerOf(result);
        if (result.GetValue(_hwm) is { } hwm) socket.HighWaterMark = hwm;
        if (result.GetValue(_identity) is { } identity) socket.RoutingId = ParseIdentity(identity);
        if (result.GetValue(_ipv6)) socket.IPv6 = true;
        _security.Apply(session, socket, result);
    }

    /// <summary>Binds and connects.</summary>
    public void Attach(Session session, ZMQSocket socket, ParseResult result)
    {
        string[] bound = result.GetValue(_bind)!;
        string[] connected = result.GetValue(_connect)!;
        if (bound.Length + connected.Length == 0)
            throw new ToolException("Say where: --connect tcp://host:5555 for a peer that listens, --bind tcp://*:5555 to listen.");
        foreach (string endpoint in bound)
        {
            socket.Bind(endpoint);
            session.Note($"bound to {socket.LastEndpoint}");
        }

        foreach (string endpoint in connected) socket.Connect(endpoint);
    }

    private static byte[] ParseIdentity(string text)
    {
        byte[] bytes;
        if (!text.StartsWith("0x", StringComparison.Ordinal)) bytes = Encoding.UTF8.GetBytes(text);
        else if (text.Length % 2 == 0 && text.AsSpan(2).IndexOfAnyExcept(_hexadecimal) < 0) bytes = Convert.FromHexString(text[2..]);
        else throw new ToolException($"--identity {text} is no hexadecimal: write two digits a byte behind 0x.");
        return bytes.Length is > 0 and <= LongestIdentity && bytes[0] != 0 ? bytes
            : throw new ToolException($"--identity takes 1 to {LongestIdentity} bytes, the first of them not 0.");
    }
}
