using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

/// <summary>A ZeroMQ socket of some engine. Nothing here blocks: "would block" is <c>false</c>.</summary>
/// <remarks>
/// <para>Not thread-safe, as in ZeroMQ: one thread at a time, and once a loop watches it, the loop's thread: in Debug builds of this
/// library the engines' sockets throw <see cref="InvalidOperationException"/> on another one while the loop runs.</para>
/// <para>Any call may be made at any time between a message's arrival and its dispatch: the loop does not miss the message.</para>
/// <para>Corresponds to pyzmq's <c>zmq.Socket</c> with <c>flags=zmq.DONTWAIT</c>. After <see cref="Close()"/> every member but
/// <see cref="IsClosed"/>, <see cref="Type"/>, <see cref="Close()"/> and <see cref="Dispose()"/> throws
/// <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
/// <example><code>
/// using ZMQSocket push = ZMQSocket.Create(SocketType.Push);
/// push.SendHighWaterMark = 100;
/// push.Linger = TimeSpan.FromSeconds(1);
/// push.Connect("tcp://127.0.0.1:5555");
/// using Message job = new("job", "17");
/// if (!push.TrySend(job)) Console.WriteLine("no room; a ZMQStream would queue it");
/// </code></example>
public abstract partial class ZMQSocket : IDisposable
{
    private bool _saysWhatIsMandatory; // the program has set ZMQ_ROUTER_MANDATORY, to whatever

    /// <summary>For engines.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    protected ZMQSocket(SocketType type)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(type);
        Type = type;
    }

    /// <summary>What kind of socket.</summary>
    public SocketType Type { get; }

    /// <summary>The engine that made the socket.</summary>
    public abstract ZMQEngine Engine { get; }

    /// <summary>True once the socket was closed. No side effects; any thread.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>What could be done right now without blocking: <see cref="IOEvents.Read"/>, <see cref="IOEvents.Write"/>, both or none.
    /// <c>ZMQ_EVENTS</c>.</summary>
    public abstract IOEvents Events { get; }

    /// <summary>Makes a socket on the engine of the thread's current loop, where there is one and it has an engine, else on the process's,
    /// <see cref="ZMQEngine.Default"/>.</summary>
    /// <exception cref="InvalidOperationException">No engine is referenced.</exception>
    public static ZMQSocket Create(SocketType type) => CurrentEngine.Nearest.CreateSocket(type);

    /// <summary>Listens on an endpoint, such as <c>tcp://127.0.0.1:5555</c>, <c>ipc:///tmp/x</c> or <c>inproc://name</c>.</summary>
    /// <exception cref="ArgumentException">The endpoint is empty.</exception>
    /// <exception cref="ZMQException">The address is in use, not local, or of an unknown transport, or the endpoint is written wrong
    /// (<see cref="ZMQErrorCode.InvalidArgument"/>); the message says what to do, <see cref="ZMQException.Endpoint"/> names
    /// it.</exception>
    public abstract void Bind(string endpoint);

    /// <summary>Listens on a free port of an address such as <c>tcp://127.0.0.1</c>.</summary>
    /// <returns>The port. <c>bind_to_random_port</c>.</returns>
    /// <exception cref="ZMQException">As of <see cref="Bind"/>.</exception>
    public virtual int BindToRandomPort(string address)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        if (!address.StartsWith("tcp://", StringComparison.Ordinal))
            EndpointParser.Refuse(EndpointCall.Bind, address, "free ports are found for tcp, as in tcp://127.0.0.1");
        Bind(address + ":*");
        string endpoint = LastEndpoint;
        return int.Parse(endpoint.AsSpan(endpoint.LastIndexOf(':') + 1), provider: System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Listens on a free port within bounds, as a firewall sets them: ports are drawn, each once, until one is free.</summary>
    /// <param name="address">Such as <c>tcp://127.0.0.1</c>.</param>
    /// <param name="minPort">The lowest port.</param>
    /// <param name="maxPort">The highest one, itself included; <c>bind_to_random_port</c> leaves it out.</param>
    /// <param name="maxTries">How many ports are tried.</param>
    /// <returns>The port.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The bounds are no ports or the wrong way round, or there is no try.</exception>
    /// <exception cref="ZMQException">As of <see cref="Bind"/>; where none of the ports that were tried is free, the last one's error, in
    /// whose text the bounds stand.</exception>
    public int BindToRandomPort(string address, int minPort, int maxPort, int maxTries = 100)
    {
        ArgumentException.ThrowIfNullOrEmpty(address);
        ArgumentOutOfRangeException.ThrowIfLessThan(minPort, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxPort, minPort);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxPort, 65_535);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxTries);
        if (!address.StartsWith("tcp://", StringComparison.Ordinal))
            EndpointParser.Refuse(EndpointCall.Bind, address, "free ports are found for tcp, as in tcp://127.0.0.1");
        int[] ports = [.. Enumerable.Range(minPort, maxPort - minPort + 1)];
        System.Security.Cryptography.RandomNumberGenerator.Shuffle(ports.AsSpan());
        for (int i = 0; ; i++)
        {
            try
            {
                Bind(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{address}:{ports[i]}"));
                return ports[i];
            }
            catch (ZMQException error) when (error.Code is ZMQErrorCode.AddressInUse or ZMQErrorCode.AccessDenied)
            {
                if (i + 1 < int.Min(maxTries, ports.Length)) continue;
                throw new ZMQException(error.Code, error.Number, error.Name,
                    $"There is no free port between {minPort} and {maxPort} at {address}, by {i + 1} tries.", address, error);
            }
        }
    }

    /// <summary>Connects, in the background and again after every loss.</summary>
    /// <remarks>libzmq looks a name up in the background too, again and again, so that one that does not exist is no error; NetMQ looks it
    /// up in the call, once, and waits for the answer.</remarks>
    /// <exception cref="ArgumentException">The endpoint is empty.</exception>
    /// <exception cref="ZMQException">As of <see cref="Bind"/>.</exception>
    public abstract void Connect(string endpoint);

    /// <summary>Stops listening on an endpoint. libzmq drops the connections that came in on it, too: nobody there can be answered any
    /// more.</summary>
    public abstract void Unbind(string endpoint);

    /// <summary>Drops a connection made with <see cref="Connect"/>.</summary>
    public abstract void Disconnect(string endpoint);

    /// <summary>SUB: receives messages whose first frame begins with this; an empty prefix is everything.</summary>
    /// <exception cref="ArgumentException">It is longer than 8,192 bytes: both libraries look into it with one call for each byte, and the
    /// process ends where the stack does.</exception>
    public void Subscribe(ReadOnlySpan<byte> prefix)
    {
        ((BytesOption)ZMQSocketOptions.Subscribe).Verify(prefix, nameof(prefix));
        SetBytes(ZMQSocketOptions.Subscribe, prefix);
    }

    /// <inheritdoc cref="Subscribe(ReadOnlySpan{byte})"/>
    public void Subscribe(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        Subscribe(System.Text.Encoding.UTF8.GetBytes(prefix));
    }

    /// <summary>SUB: takes one such subscription back.</summary>
    /// <exception cref="ArgumentException">It is longer than a subscription may be.</exception>
    public void Unsubscribe(ReadOnlySpan<byte> prefix)
    {
        ((BytesOption)ZMQSocketOptions.Unsubscribe).Verify(prefix, nameof(prefix));
        SetBytes(ZMQSocketOptions.Unsubscribe, prefix);
    }

    /// <inheritdoc cref="Unsubscribe(ReadOnlySpan{byte})"/>
    public void Unsubscribe(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        Unsubscribe(System.Text.Encoding.UTF8.GetBytes(prefix));
    }

    /// <summary>True where asking what the socket is ready for takes a message out of it, which is what is received next, however old it is
    /// by then: a SUB with <c>ZMQ_CONFLATE</c> over libzmq. Pollers ask such a socket nothing while nobody wants to read.</summary>
    public virtual bool AskingTakesMessage => false;

    /// <summary>Hands a whole message to the engine, or nothing of it.</summary>
    /// <remarks>The message stays the caller's and may be sent again. A message without frames is refused.</remarks>
    /// <returns>False where it would block: no peer, or the high-water mark is reached.</returns>
    /// <exception cref="ZMQException">The engine refuses the message: no such peer, not a sending socket, or out of turn
    /// (<see cref="ZMQErrorCode.FiniteStateMachine"/>): a REQ or REP that does not say <see cref="IOEvents.Write"/> in
    /// <see cref="Events"/>.</exception>
    /// <exception cref="ArgumentException">The message has no frames; or an XSUB would take one of them (a 1 or a 0, and a prefix) for a
    /// subscription that is too long for <see cref="Subscribe(ReadOnlySpan{byte})"/>.</exception>
    public abstract bool TrySend(Message message);

    /// <summary>Receives a whole message whose frames are owned and may be kept.</summary>
    /// <returns>False where none is waiting.</returns>
    /// <exception cref="ZMQException">Not a receiving socket, or out of turn (<see cref="ZMQErrorCode.FiniteStateMachine"/>): a REQ that
    /// has not sent a request, or a REP that owes a reply. ZeroMQ calls that an error and not "nothing is waiting"; where you do not know
    /// whose turn it is, look whether <see cref="Events"/> says <see cref="IOEvents.Read"/>.</exception>
    public abstract bool TryReceive([NotNullWhen(true)] out Message? message);

    /// <summary>Receives into a message, borrowing the engine's memory: no copy, no allocation. What the message held is released
    /// first.</summary>
    /// <returns>False where none is waiting; the message is empty then.</returns>
    /// <exception cref="ZMQException">As of the other overload.</exception>
    public abstract bool TryReceive(Message message);

    /// <summary>Starts to watch what happens below: connections, handshakes, failures.</summary>
    /// <param name="events">What to report.</param>
    /// <returns>A PAIR socket, the caller's, whose messages <see cref="SocketEvent.Parse"/> reads. It gets
    /// <see cref="ZMQSocketEvents.MonitorStopped"/> last, when this socket is closed or monitored anew. <c>zmq_socket_monitor</c>, pyzmq's
    /// <c>get_monitor_socket</c>.</returns>
    /// <exception cref="NotSupportedException">This engine cannot.</exception>
    /// <exception cref="ZMQException">The engine refuses.</exception>
    public virtual ZMQSocket Monitor(ZMQSocketEvents events = ZMQSocketEvents.All) =>
        throw new NotSupportedException($"{Engine.Name} has no socket monitor that can be polled.");

    /// <summary>Stops what <see cref="Monitor"/> started; does nothing where nothing was.</summary>
    public virtual void StopMonitor()
    {
    }

    /// <summary>Reads an option.</summary>
    /// <exception cref="ZMQException">The engine cannot read it.</exception>
    public T Get<T>(SocketOption<T> option)
    {
        ArgumentNullException.ThrowIfNull(option);
        return option.Read(this);
    }

    /// <summary>Sets an option. Most take effect for later binds and connects only.</summary>
    /// <exception cref="ZMQException">The engine refuses the option or the value.</exception>
    public void Set<T>(SocketOption<T> option, T value)
    {
        ArgumentNullException.ThrowIfNull(option);
        option.Write(this, value);
        if (ReferenceEquals(option, ZMQSocketOptions.RouterMandatory)) _saysWhatIsMandatory = true;
    }

    /// <summary>Closes the socket with its present <see cref="Linger"/>. Twice is fine.</summary>
    public void Close() => Close(null);

    /// <summary>Closes the socket. Twice is fine. A loop that watches it reports it once, as <see cref="IOEvents.Error"/>.</summary>
    /// <param name="linger">How long unsent messages may still be sent in the background; null leaves <see cref="Linger"/> as it
    /// is.</param>
    public abstract void Close(TimeSpan? linger);

    /// <summary>Closes the socket.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the socket.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing) Close(null);
    }

    /// <summary>For engines: reads an option that is a number of <paramref name="size"/> bytes.</summary>
    protected internal abstract long GetInteger(SocketOption option, int size);

    /// <summary>For engines: sets an option that is a number of <paramref name="size"/> bytes.</summary>
    protected internal abstract void SetInteger(SocketOption option, long value, int size);

    /// <summary>For engines: reads an option that is a string of bytes.</summary>
    protected internal abstract byte[] GetBytes(SocketOption option);

    /// <summary>For engines: sets an option that is a string of bytes.</summary>
    protected internal abstract void SetBytes(SocketOption option, ReadOnlySpan<byte> value);

    /// <summary>See <see cref="LowLevel.ZMQSocketExtensions"/>.</summary>
    internal virtual bool SaysWritable => (Events & IOEvents.Write) != 0;

    /// <summary>See <see cref="LowLevel.ZMQSocketExtensions"/>.</summary>
    internal void RefuseUnroutable()
    {
        if (!_saysWhatIsMandatory) ZMQSocketOptions.RouterMandatory.Write(this, true);
    }

    /// <summary>See <see cref="LowLevel.ZMQSocketExtensions"/>, as for the next.</summary>
    internal virtual void LimitMessages(int frames, long bytes)
    {
    }

    internal virtual bool TryTakeDropped(out LowLevel.DroppedMessage dropped)
    {
        dropped = default;
        return false;
    }

    /// <summary>A receive brought a message, and another one is wanted: the poller need not ask whether there is one.</summary>
    internal virtual void ExpectMore()
    {
    }
}
