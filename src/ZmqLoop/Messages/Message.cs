using System.Collections;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

/// <summary>What travels: one or more frames that arrive together or not at all.</summary>
/// <remarks>
/// <para>Not thread-safe: one thread at a time. A message that a callback gets with <c>copy: false</c> is borrowed: once the callback has
/// returned every member but <see cref="Dispose"/>
/// throws <see cref="ObjectDisposedException"/>, and until then only the callback's thread may use it, unless <see cref="Keep"/> was
/// called.</para>
/// <para>Disposing gives borrowed memory back to the engine at once, or, while a callback or <see cref="Borrow"/> shows it, at the end of
/// that; for a message of owned frames there is nothing
/// to give back. A message that you kept, or received into without a copy, and never dispose of, is freed when it is collected, and the
/// collector is told how much memory it holds.</para>
/// </remarks>
/// <example><code>
/// using Message order = new("order", "17", Frame.Own([1, 2, 3])); // texts are UTF-8
/// Console.WriteLine($"{order.Count} frames, {order[0].ToText()} {order[1].ToText()}, {order[2].Length} bytes");
/// using Message answer = order.Reply("accepted"); // to whoever sent it
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class Message : IReadOnlyList<Frame>, IDisposable
{
    internal const string UserIdProperty = "User-Id";
    private const int ShownFrames = 16;

    private Frame _only; // the one frame of a message that never had more: an object less for most messages
    private Frame[]? _frames; // all of them, once there were more
    private int _count;
    private EnvelopeFormat? _format;
    private long _request; // see LowLevel.MessageExtensions.RequestNumber
    private string? _userId; // of a copy
    private object? _trace; // an ActivityContext: most messages have none

    /// <summary>A message without frames, to receive into or to append to.</summary>
    public Message()
    {
    }

    /// <summary>A message of these frames. Arrays and strings convert, and are copied.</summary>
    public Message(params ReadOnlySpan<Frame> frames)
    {
        if (frames.Length > 1) _frames = new Frame[frames.Length];
        foreach (Frame frame in frames) Room[_count++] = Owned(frame);
    }

    /// <summary>How many frames.</summary>
    public int Count => _count > 0 ? _count : CountOfNone();

    /// <summary>The total of the frames' lengths in bytes.</summary>
    public long Size => _count == 1 ? First.Length : SizeOfAll();

    /// <summary>The frame at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public Frame this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_count) ThrowNoSuchFrame(index);
            return Room[index];
        }
    }

    /// <summary>The frames, valid until the message changes.</summary>
    public ReadOnlySpan<Frame> Frames => Room[..Count];

    /// <summary>Who sent the message, as an authenticator calls him (<c>User-Id</c>): PLAIN's name, CURVE's public key in Z85, or what the
    /// provider said. Known of each message, copied or not, that a socket over libzmq received which authenticates: whose
    /// <see cref="ZMQSocket.PlainServer"/>, <see cref="ZMQSocket.CurveServer"/> or <see cref="ZMQSocket.ZapDomain"/> was set. Else null.
    /// <c>frame.get('User-Id')</c> of pyzmq.</summary>
    /// <remarks>What else is known of the connection, <see cref="Frame.GetProperty"/> says.</remarks>
    public string? UserId
    {
        get
        {
            if (_userId is not null || !IsAuthenticated || Count == 0 || !First.IsBorrowed) return _userId;
            string? user = First.GetProperty(UserIdProperty);
            return user is null && _count > 1 && Room[1].TryGetProperty(UserIdProperty, out string? second) ? second : user;
        }
        internal set => _userId = value;
    }

    /// <summary>Where in a trace the message was sent, as its sender said, of one that a stream with <c>PropagateTrace</c> received: the
    /// parent, or a link, of an activity of yours. <c>default</c> where nothing is known. A copy has it, too; an answer has not.</summary>
    public ActivityContext TraceContext => _trace is ActivityContext known ? known : default;

    /// <summary>Whether the socket that it was received from asks an authenticator: else a peer says of itself who it is.</summary>
    internal bool IsAuthenticated { get; set; }

    /// <summary>Where the <see cref="Envelope"/> ends: the routing id alone, unless the stream that received the message says something
    /// else, or you. Set it before you look.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public EnvelopeFormat EnvelopeFormat
    {
        get => _format ?? EnvelopeFormat.RoutingId;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _format = value;
        }
    }

    /// <summary>The frames that say who a message came from, of one that a ROUTER received: as far as its <see cref="EnvelopeFormat"/>
    /// says. Of a message that has no such end (the peer does not speak what was agreed), the first frame. None of one that a REP stream
    /// received, since the socket keeps them. Valid until the message changes.</summary>
    public ReadOnlySpan<Frame> Envelope => Frames is var frames && MeasureEnvelope(frames) is >= 0 and var count
        ? frames[..count]
        : frames[..Math.Min(frames.Length, 1)];

    /// <summary>The frames behind the <see cref="Envelope"/>: look how many there are, since the peer decides. None, where it does not
    /// speak what was agreed. Valid until the message changes.</summary>
    public ReadOnlySpan<Frame> Body => Frames is var frames && MeasureEnvelope(frames) is >= 0 and var count ? frames[count..] : [];

    /// <summary>Adds a frame at the end; a borrowed frame is copied, since it belongs to the message that it came in.</summary>
    /// <returns>This message.</returns>
    public Message Append(Frame frame)
    {
        VerifyMine();
        Add(Owned(frame));
        return this;
    }

    /// <summary>Adds a frame in front, such as the routing id of the peer; a borrowed frame is copied.</summary>
    /// <returns>This message.</returns>
    public Message Prepend(Frame frame)
    {
        VerifyMine();
        Frame owned = Owned(frame);
        Reserve();
        Room[.._count].CopyTo(Room[1..]);
        Room[0] = owned;
        _count++;
        return this;
    }

    /// <summary>The answer to a message that a ROUTER or a REP received: its <see cref="Envelope"/>, then these frames. Its end is there
    /// even where the message is without.</summary>
    /// <remarks>On a REP stream such an answer goes to who asked, or to nobody: once the request was answered, sending it is
    /// refused.</remarks>
    /// <exception cref="InvalidOperationException">The message has no frames.</exception>
    public Message Reply(params ReadOnlySpan<Frame> body)
    {
        if (Count == 0) throw new InvalidOperationException("A message without frames has no envelope to reply to.");
        ReadOnlySpan<Frame> frames = Frames;
        int count = MeasureEnvelope(frames);
        Frame? end = count < 0 ? EnvelopeFormat.End : null;
        if (count < 0) count = 1;
        Message reply = new() { _frames = new Frame[count + (end is null ? 0 : 1) + body.Length], _request = _request };
        foreach (Frame frame in frames[..count]) reply.Append(frame);
        if (end is { } last) reply.Append(last);
        foreach (Frame frame in body) reply.Append(frame);
        return reply;
    }

    /// <summary>Enumerates the frames.</summary>
    public IEnumerator<Frame> GetEnumerator()
    {
        for (int i = 0; i < Count; i++) yield return Room[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For logs: the first frames, long ones cut.</summary>
    public override string ToString()
    {
        if (_state == MessageState.Over) return "(released)";
        return $"[{string.Join(", ", this.Take(ShownFrames))}{(_count > ShownFrames ? $", … ({_count} frames)" : "")}]";
    }

    private Span<Frame> Room => _frames is null ? new Span<Frame>(ref _only) : _frames;

    private ref Frame First => ref _frames is null ? ref _only : ref _frames[0];

    /// <returns>How many frames the envelope has; -1 where it has not the end that was agreed.</returns>
    private int MeasureEnvelope(ReadOnlySpan<Frame> frames)
    {
        if (_request != 0 && _format is null) return 0;
        return EnvelopeFormat.Measure(frames) is > 0 and var count ? count : -1;
    }

    private static Frame Owned(Frame frame) => frame.IsBorrowed ? Frame.Own(frame.ToArray()) : frame;

    private void Add(Frame frame)
    {
        Reserve();
        Room[_count++] = frame;
    }

    private void Reserve()
    {
        if (_refillable > _count) TakeRefillable();
        Span<Frame> room = Room;
        if (_count < room.Length) return;
        var frames = new Frame[_count * 2 + 2];
        room.CopyTo(frames);
        _frames = frames;
        _only = default;
    }

    private long SizeOfAll()
    {
        long size = 0;
        foreach (ref readonly Frame frame in Frames) size += frame.Length;
        return size;
    }

    private int CountOfNone()
    {
        if (_state == MessageState.Over) ThrowOver();
        return 0;
    }

    [DoesNotReturn]
    private void ThrowNoSuchFrame(int index) =>
        throw new ArgumentOutOfRangeException(nameof(index), index, $"The message has {Count} frames.");
}
