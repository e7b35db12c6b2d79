namespace ZmqLoop.Hosting;

/// <summary>A stream, responder or request client as the host makes it.</summary>
/// <typeparam name="TOptions">What it is made with: <see cref="Streams.ZMQStreamOptions"/>, <see cref="Streams.ResponderOptions"/> or
/// <see cref="Streams.RequestClientOptions"/>.</typeparam>
public sealed class HostedSocketOptions<TOptions> where TOptions : class, new()
{
    internal HostedSocketOptions(SocketType? type) => Type = type;

    /// <summary>The type of the socket. A responder's is <see cref="SocketType.Router"/>, a request client's
    /// <see cref="SocketType.Dealer"/>.</summary>
    public SocketType? Type { get; set; }

    /// <summary>What it listens on, in this order, before the application has started.</summary>
    public IList<string> Bind { get; } = [];

    /// <summary>What it connects to, after that.</summary>
    public IList<string> Connect { get; } = [];

    /// <summary>SUB: what it subscribes to; the empty text is everything.</summary>
    public IList<string> Subscribe { get; } = [];

    /// <summary>Sets the socket's options, after those of the configuration and before it is bound or connected, on the loop:
    /// <c>o.Socket = socket => socket.Linger = TimeSpan.Zero;</c></summary>
    public Action<ZMQSocket>? Socket { get; set; }

    /// <summary>What the stream, responder or client is made with. It is called by its name here where this says no other.</summary>
    public TOptions Options { get; set; } = new();

    /// <summary>How many connections there must be for it to be healthy; 0, by default, to be none of the health checks' business. They
    /// are counted by the socket's monitor, which it has from then on: over transports that have one, such as tcp.</summary>
    public int RequiredPeers { get; set; }
}
