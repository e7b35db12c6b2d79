using System.Buffers.Binary;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Order;

/// <summary>Sends numbered messages, as fast as its stream takes them, until it is told to stop.</summary>
internal sealed class Producer
{
    private const int Row = 400;
    private const int MostQueued = 4_000;
    private const int HeadLength = 12;

    private readonly LoopHost _host;
    private readonly ZMQStream _stream;
    private readonly int _sender;
    private readonly byte[] _head = new byte[HeadLength];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _sent;

    private volatile bool _stops;

    public Producer(LoopHost host, ZMQStream stream, int sender = 0)
    {
        _host = host;
        _stream = stream;
        _sender = sender;
    }

    /// <summary>What a message is to consist of, before the numbered frame.</summary>
    public Func<IReadOnlyList<Frame>>? Envelope { get; init; }

    public long Sent => Volatile.Read(ref _sent);

    /// <summary>How many may be sent that nobody has received yet; see <see cref="Received"/>.</summary>
    public long Window { get; init; } = long.MaxValue;

    /// <summary>How many were received.</summary>
    public Func<long>? Received { get; init; }

    public void Start() => _host.Loop.AddCallback(Go);

    /// <summary>Stops it, and waits until all is handed over.</summary>
    public void Stop()
    {
        _stops = true;
        if (!_done.Task.Wait(TimeSpan.FromSeconds(30))) throw new TimeoutException($"A producer did not end: {_stream}.");
    }

    /// <summary>Who sent it, and its number; false for what is no such message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out int sender, out long number)
    {
        sender = -1;
        number = -1;
        if (frame.Length < HeadLength) return false;
        sender = BinaryPrimitives.ReadInt32LittleEndian(frame);
        number = BinaryPrimitives.ReadInt64LittleEndian(frame[sizeof(int)..]);
        return true;
    }

    private void Go()
    {
        if (_stops && _stream.SendQueueLength == 0)
        {
            _done.TrySetResult();
            return;
        }

        for (int i = 0; i < Row && !_stops && _stream.SendQueueLength < MostQueued && IsInWindow; i++) SendNext();
        if (_stream.SendQueueLength < MostQueued && !_stops) _host.Loop.AddCallback(Go);
        else _host.Loop.CallLater(TimeSpan.FromMilliseconds(1), Go);
    }

    private bool IsInWindow => _sent - (Received?.Invoke() ?? _sent) < Window;

    private void SendNext()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_head, _sender);
        BinaryPrimitives.WriteInt64LittleEndian(_head.AsSpan(sizeof(int)), _sent);
        Frame numbered = new ReadOnlySpan<byte>(_head);
        if (Envelope is null) _stream.Send(numbered);
        else _stream.SendMultipart([.. Envelope(), numbered]);
        Volatile.Write(ref _sent, _sent + 1);
    }
}
