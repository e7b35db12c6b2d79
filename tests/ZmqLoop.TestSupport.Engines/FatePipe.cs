using Microsoft.Extensions.Logging.Abstractions;
using ZmqLoop.Streams;

namespace ZmqLoop.Testing;

/// <summary>Messages that all end in one way: each is received without a copy, or its memory lent, and given to a stream with which it
/// comes to that end. For tests that look at what is left of it.</summary>
public sealed class FatePipe : IDisposable
{
    private const int Size = 1 << 20;
    private const int Window = 8; // messages on their way
    private const int Few = 4; // that wait until something is done about them

    private readonly string _fate;
    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();
    private readonly PipeLoop _loop;
    private readonly ZMQSocket _feeder;
    private readonly ZMQSocket _peer; // of the stream that sends
    private readonly ZMQStream _inlet;
    private readonly ZMQStream _sink;
    private readonly byte[] _bytes = new byte[Size];
    private readonly string _sinkEndpoint;
    private ZMQStream _outlet;
    private CancellationTokenSource _cancel = new();
    private long _fed;
    private long _passed;
    private long _sunk;
    private long _decided;
    private long _lent;
    private long _returned;

    public FatePipe(string fate)
    {
        _fate = fate;
        _loop = new PipeLoop(_engine);
        _inlet = new ZMQStream(_engine.CreateSocket(SocketType.Pull), _loop);
        _feeder = _engine.CreateSocket(SocketType.Push);
        _feeder.Connect($"tcp://127.0.0.1:{_inlet.BindToRandomPort("tcp://127.0.0.1")}");
        _sink = new ZMQStream(_engine.CreateSocket(SocketType.Pull), _loop);
        _sinkEndpoint = $"tcp://127.0.0.1:{_sink.BindToRandomPort("tcp://127.0.0.1")}";
        _sink.OnRecv(_ => _sunk++, copy: false);
        _peer = _engine.CreateSocket(SocketType.Dealer);
        _outlet = Open();
        _inlet.OnRecv(Pass, copy: false);
    }

    /// <summary>The ways a message can end.</summary>
    public static TheoryData<string> All =>
    [
        "sent", "sent, with a callback", "sent, with OnSend", "sent, awaited", "sent, and kept by its callback", "dropped as the oldest",
        "dropped as the newest", "dropped as the new one", "dropped as the oldest of its peer", "refused as full", "expired",
        "expired, awaited", "cleared", "cancelled", "unroutable", "unroutable, with a callback", "closed", "closed, with a callback",
        "closed, awaited", "failed", "failed, with a callback",
    ];

    /// <summary>True where the library's memory is none of the collector's, so that none may be needed to get it back.</summary>
    public static bool NeedsNoCollection => EngineUnderTest.Current.Can(Abilities.Lending);

    /// <summary>How many bytes the process has; where the library's memory is the collector's, after a collection.</summary>
    public static long Resident()
    {
        if (!NeedsNoCollection) GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }

    /// <summary>How many messages whose memory was lent have not given it back.</summary>
    public long Missing => Volatile.Read(ref _lent) - Volatile.Read(ref _returned);

    /// <summary>Receives so many bytes without a copy, and brings all of them to their end.</summary>
    public void Push(long bytes)
    {
        for (long left = bytes / Size; left > 0; left -= 64)
        {
            long target = _fed + Math.Min(left, 64);
            Deadline.RunUntil(_loop, () =>
            {
                Feed(target);
                return _passed == target && Waiting <= Few;
            }, Describe);
        }
    }

    /// <summary>The same with memory that is lent.</summary>
    public void PushLent(int messages)
    {
        long target = _passed + messages;
        Deadline.RunUntil(_loop, () =>
        {
            while (_passed < target && Waiting < Window && Missing < 2 * Window) PassLent();
            return _passed == target && Waiting <= Few;
        }, Describe);
    }

    /// <summary>Whatever waited to be sent, or to be received, comes to its end now.</summary>
    public void Close()
    {
        _outlet.Close(TimeSpan.Zero);
        _peer.Close(TimeSpan.Zero);
        Deadline.RunUntil(_loop, () => Missing == 0, Describe);
    }

    public void Dispose()
    {
        _outlet.Close(TimeSpan.Zero);
        _inlet.Close(TimeSpan.Zero);
        _sink.Close(TimeSpan.Zero);
        _feeder.Close(TimeSpan.Zero);
        _peer.Close(TimeSpan.Zero);
        _loop.Dispose();
        _engine.Dispose();
        _cancel.Dispose();
    }

    /// <summary>How many messages have not come to their end, or have not been seen to.</summary>
    private long Waiting => _fate.StartsWith("sent", StringComparison.Ordinal) ? _passed - _sunk : _outlet.SendQueueLength;

    private string Describe() =>
        $"{_fate}: {_fed} fed, {_passed} passed, {_sunk} came out, {_decided} told, {_lent} lent, {_returned} returned, {_outlet}";

    private void Feed(long target)
    {
        Message message = new("nobody", Frame.Own(_bytes));
        while (_fed < target && _fed - _passed < Window && Waiting < Window && _feeder.TrySend(message)) _fed++;
    }

    private void Pass(Message message)
    {
        _passed++;
        Send(message);
        if (_outlet.SendQueueLength < Few) return;
        if (_fate == "cleared") _outlet.ClearSendQueue();
        if (_fate == "cancelled") Cancel();
        if (_fate.StartsWith("closed", StringComparison.Ordinal))
        {
            _outlet.Close(TimeSpan.Zero);
            _outlet = Open();
        }
    }

    private void PassLent()
    {
        using Message message = new("nobody");
        Task tracker = message.Lend(_bytes, _engine);
        _lent++;
        tracker.ContinueWith(
            _ => Interlocked.Increment(ref _returned), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        Pass(message);
    }

    private void Cancel()
    {
        _cancel.Cancel();
        _cancel.Dispose();
        _cancel = new CancellationTokenSource();
    }

    private void Send(Message message)
    {
        switch (_fate)
        {
            case "sent, with a callback" or "unroutable, with a callback" or "closed, with a callback" or "failed, with a callback":
                _outlet.Send(message, (_, _) => _decided++);
                break;
            case "sent, and kept by its callback":
                _outlet.Send(message, (sent, _) => sent.Keep().Dispose());
                break;
            case "sent, awaited" or "closed, awaited":
                _ = Count(_outlet.SendAsync(message));
                break;
            case "cancelled":
                _ = Count(_outlet.SendAsync(message, _cancel.Token));
                break;
            case "expired":
                _outlet.Send(message, TimeSpan.FromMilliseconds(1));
                break;
            case "expired, awaited":
                _ = Count(_outlet.SendAsync(message, TimeSpan.FromMilliseconds(1)));
                break;
            case "refused as full":
                if (!_outlet.TrySend(message)) _decided++;
                break;
            default:
                _outlet.Send(message);
                break;
        }
    }

    private async Task Count(Task sending)
    {
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Increment(ref _decided);
    }

    private ZMQStream Open()
    {
        SendQueueFullMode mode = _fate switch
        {
            "dropped as the oldest" or "dropped as the oldest of its peer" => SendQueueFullMode.DropOldest,
            "dropped as the newest" => SendQueueFullMode.DropNewest,
            "dropped as the new one" => SendQueueFullMode.DropWrite,
            "refused as full" => SendQueueFullMode.Throw,
            _ => SendQueueFullMode.Wait,
        };
        bool drops = mode != SendQueueFullMode.Wait;
        bool byPeer = _fate.EndsWith("of its peer", StringComparison.Ordinal);
        ZMQStreamOptions options = new()
        {
            SendQueueFullMode = mode,
            SendQueueLimit = drops && !byPeer ? Few : int.MaxValue,
            MaxQueuedPerPeer = byPeer ? Few : int.MaxValue,
        };
        SocketType type = _fate.StartsWith("unroutable", StringComparison.Ordinal) || byPeer ? SocketType.Router
            : _fate.StartsWith("failed", StringComparison.Ordinal) ? SocketType.Rep : SocketType.Push; // that nobody has asked
        ZMQStream stream = new(_engine.CreateSocket(type), _loop, options);
        if (_fate.StartsWith("sent", StringComparison.Ordinal)) stream.Connect(_sinkEndpoint);
        if (_fate == "sent, with OnSend") stream.OnSend((_, _) => _decided++);
        if (byPeer) ConnectOneThatDoesNotRead(stream);
        return stream;
    }

    private void ConnectOneThatDoesNotRead(ZMQStream stream)
    {
        stream.Socket.SendHighWaterMark = 1;
        _peer.ReceiveHighWaterMark = 1;
        _peer.RoutingId = "nobody"u8.ToArray();
        stream.Bind("inproc://full");
        _peer.Connect("inproc://full");
        _peer.TrySend(new Message("hello"));
        bool greeted = false;
        stream.OnRecv(_ => greeted = true);
        Deadline.RunUntil(_loop, () => greeted);
    }

    /// <summary>Who is told of what nobody asked about forgets it.</summary>
    private sealed class PipeLoop(ZMQEngine engine)
        : ZMQIOLoop(engine, new IOLoopOptions { MakeCurrent = false, LoggerFactory = NullLoggerFactory.Instance })
    {
        public override void HandleCallbackException(Exception exception, CallbackOrigin origin)
        {
        }
    }
}
