using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Testing;

/// <summary>
/// A socket without a library: the test fills the inbox, reads the outbox, and says when it is full or fails. What it is ready for follows
/// from that, so a <see cref="ScriptedPoller"/> that watches it is level-triggered by itself. What arrives is what the application sees,
/// envelopes included; the rules of the socket types are those of wired sockets alone, which a <see cref="ScriptedEngine"/> makes.
/// </summary>
/// <param name="type">What <see cref="ZMQSocket.Type"/> says.</param>
/// <param name="engine">What <see cref="Engine"/> says; null for <see cref="ScriptedEngine.Shared"/>.</param>
/// <example><code>
/// using ScriptedLoop loop = new();
/// ScriptedSocket socket = new(SocketType.Rep);
/// using ZMQStream echo = new(socket, loop);
/// echo.OnRecv(message => echo.Send(message));
/// socket.Arrive(new Message("hello"));
/// loop.RunUntilIdle();
/// Console.WriteLine(socket.Outbox[0]); // hello
/// </code></example>
public sealed partial class ScriptedSocket(SocketType type = SocketType.Dealer, ZMQEngine? engine = null) : ZMQSocket(type)
{
    private readonly Queue<(Message Message, ScriptedSocket? From)> _inbox = new();
    private readonly Dictionary<int, Exception> _sendFailures = [];
    private readonly Dictionary<int, Exception> _receiveFailures = [];
    private readonly Dictionary<int, long> _integers =
        new() { [ZMQSocketOptions.Linger.Id] = 1000, [ZMQSocketOptions.SndHwm.Id] = 1000, [ZMQSocketOptions.RcvHwm.Id] = 1000 };
    private readonly Dictionary<int, byte[]> _strings = [];
    private bool _closed;

    /// <summary>How many messages wait to be received.</summary>
    public int Waiting => _inbox.Count;

    /// <summary>What was sent, in order, as texts: frames are divided by a bar.</summary>
    public List<string> Outbox { get; } = [];

    /// <summary>How many more messages can be sent before it would block.</summary>
    public int Room
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = int.MaxValue;

    /// <summary>True for a socket that says it is writable also where it has no room, as a ROUTER does.</summary>
    public bool AlwaysSaysWritable { get; set; }

    /// <summary>The first frames of messages for which there is no room, as a ROUTER has none for a peer that does not read.</summary>
    public HashSet<string> FullPeers { get; } = [];

    /// <summary>The first frames of messages that no peer has, as a mandatory ROUTER says: sending them throws.</summary>
    public HashSet<string> GonePeers { get; } = [];

    /// <summary>How often somebody tried to send; would-blocks and failures included.</summary>
    public int SendAttempts { get; private set; }

    /// <summary>How often somebody tried to receive.</summary>
    public int ReceiveAttempts { get; private set; }

    /// <summary>Called while somebody receives: for what happens in that very moment.</summary>
    public Action? OnReceive { get; set; }

    /// <summary>With what linger the socket was closed.</summary>
    public TimeSpan? ClosedWithLinger { get; private set; }

    /// <summary>What closing throws, once, instead of closing.</summary>
    public Exception? CloseFailure { get; set; }

    /// <inheritdoc/>
    public override ZMQEngine Engine => engine ?? ScriptedEngine.Shared;

    /// <inheritdoc/>
    public override bool IsClosed => _closed;

    /// <inheritdoc/>
    public override IOEvents Events
    {
        get
        {
            Verify();
            if (IsWired) return WiredEvents;
            return (_inbox.Count > 0 ? IOEvents.Read : IOEvents.None) | (Room > 0 || AlwaysSaysWritable ? IOEvents.Write : IOEvents.None);
        }
    }

    /// <summary>Messages of one frame each arrive. Any thread.</summary>
    public void Arrive(params ReadOnlySpan<string> texts)
    {
        foreach (string text in texts) Arrive(new Message(text));
    }

    /// <summary>A message arrives. Any thread.</summary>
    public void Arrive(Message message)
    {
        lock (_inbox) _inbox.Enqueue((message, null));
        Watcher?.Ring();
    }

    /// <summary>Makes the n-th attempt to send from now on throw; 1 is the next. The message is not sent.</summary>
    public void FailSend(int attempt, Exception error)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        _sendFailures.Add(checked(SendAttempts + attempt), error);
    }

    /// <summary>Makes the n-th attempt to receive from now on throw; 1 is the next. The message stays.</summary>
    public void FailReceive(int attempt, Exception error)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        _receiveFailures.Add(checked(ReceiveAttempts + attempt), error);
    }

    /// <inheritdoc/>
    public override bool TrySend(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Verify();
        if (message.Count == 0) throw new ArgumentException("A message without frames cannot be sent.", nameof(message));
        SendAttempts++;
        if (_sendFailures.Remove(SendAttempts, out Exception? error)) throw error;
        if (IsWired) return SendWired(message);
        if (GonePeers.Count > 0 && GonePeers.Contains(message[0].ToText()))
            throw new ZMQException(ZMQErrorCode.HostUnreachable, 113, "EHOSTUNREACH", "There is no such peer.");
        if (Room <= 0 || (FullPeers.Count > 0 && FullPeers.Contains(message[0].ToText()))) return false;
        Room--;
        Outbox.Add(string.Join('|', message.Select(frame => frame.ToText())));
        return true;
    }

    /// <inheritdoc/>
    public override bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        message = Next();
        return message is not null;
    }

    /// <inheritdoc/>
    public override bool TryReceive(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        message.Clear();
        if (Next() is not { } next) return false;
        foreach (Frame frame in next.Frames) message.Append(ScriptedFrameBuffer.Of(frame.Span, message.TakeSpareBuffer()), frame.Length);
        return true;
    }

    /// <inheritdoc/>
    public override void Close(TimeSpan? linger)
    {
        if (_closed) return;
        if (linger is { } time && time != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(linger));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(time, TimeSpan.FromMilliseconds(int.MaxValue), nameof(linger));
        }

        if (CloseFailure is { } failure)
        {
            CloseFailure = null;
            throw failure;
        }

        ClosedWithLinger = linger ?? TimeSpan.FromMilliseconds(_integers[ZMQSocketOptions.Linger.Id]);
        _closed = true;
        Cut();
    }

    /// <inheritdoc/>
    public override string ToString() => $"scripted {Type.ToString().ToUpperInvariant()}";

    /// <inheritdoc/>
    protected override long GetInteger(SocketOption option, int size)
    {
        Verify();
        return _integers.GetValueOrDefault(option.Id);
    }

    /// <inheritdoc/>
    protected override void SetInteger(SocketOption option, long value, int size)
    {
        Verify();
        _integers[option.Id] = value;
    }

    /// <inheritdoc/>
    protected override byte[] GetBytes(SocketOption option)
    {
        Verify();
        return _strings.GetValueOrDefault(option.Id) ?? [];
    }

    /// <inheritdoc/>
    protected override void SetBytes(SocketOption option, ReadOnlySpan<byte> value)
    {
        Verify();
        if (option.Id == ZMQSocketOptions.Subscribe.Id || option.Id == ZMQSocketOptions.Unsubscribe.Id)
            Subscribe(option.Id == ZMQSocketOptions.Subscribe.Id, value);
        else _strings[option.Id] = value.ToArray();
    }

    private Message? Next()
    {
        Verify();
        ReceiveAttempts++;
        OnReceive?.Invoke();
        if (_receiveFailures.Remove(ReceiveAttempts, out Exception? error)) throw error;
        VerifyReceives();
        (Message Message, ScriptedSocket? From) next;
        lock (_inbox)
        {
            if (!_inbox.TryDequeue(out next)) return null;
        }

        foreach (ScriptedSocket peer in _peers) peer.Watcher?.Ring(); // which has room again
        return Open(next.Message, next.From);
    }

    private void Verify()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (engine is ScriptedEngine { IsTerminated: true }) throw new ContextTerminatedException();
    }
}
