using System.Collections;
using System.ComponentModel;
using System.Diagnostics;

namespace ZmqLoop;

/// <summary>What travels: one or more frames that arrive together or not at all.</summary>
/// <remarks>
/// <para>Not thread-safe: one thread at a time. A message received with <c>copy: false</c> is borrowed: the next receive fills it again,
/// unless <see cref="Keep"/> was called.</para>
/// <para>Disposing gives borrowed memory back to the engine at once; for a message of owned frames there is nothing to give back.
/// A kept message that is never disposed is freed when it is collected.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Message : IReadOnlyList<Frame>, IDisposable
{
    private Frame _only; // the one frame of a message that never had more: an object less for most messages
    private Frame[]? _frames; // all of them, once there were more
    private Spare[] _spare = [];  // emptied buffers, for the next receive into this message
    private int _spares;
    private int _count;

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
    public int Count => _count;

    /// <summary>True if <see cref="Keep"/> was called: the receiver must not fill this message again.</summary>
    public bool IsKept { get; private set; }

    /// <summary>The total of the frames' lengths in bytes.</summary>
    public long Size
    {
        get
        {
            long size = 0;
            foreach (ref readonly Frame frame in Frames) size += frame.Length;
            return size;
        }
    }

    /// <summary>The frame at <paramref name="index"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public Frame this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
            return Room[index];
        }
    }

    /// <summary>The frames, valid until the message changes.</summary>
    public ReadOnlySpan<Frame> Frames => Room[.._count];

    /// <summary>The frames that say who a message came from, of one that a ROUTER received: everything up to and including the first empty frame (REQ clients send one), or the routing id
    /// alone where there is none (DEALER clients usually send none). Valid until the message changes.</summary>
    /// <remarks>A DEALER client that sends no delimiter must not send an empty frame either: it would be taken for one.</remarks>
    public ReadOnlySpan<Frame> Envelope => Frames[..EnvelopeCount];

    /// <summary>The frames behind the <see cref="Envelope"/>. Valid until the message changes.</summary>
    public ReadOnlySpan<Frame> Body => Frames[EnvelopeCount..];

    /// <summary>Adds a frame at the end; a borrowed frame is copied, since it belongs to the message that it came in.</summary>
    /// <returns>This message.</returns>
    public Message Append(Frame frame)
    {
        Add(Owned(frame));
        return this;
    }

    /// <summary>Adds a frame in front, such as the routing id of the peer; a borrowed frame is copied.</summary>
    /// <returns>This message.</returns>
    public Message Prepend(Frame frame)
    {
        Reserve();
        Frames.CopyTo(Room[1..]);
        Room[0] = Owned(frame);
        _count++;
        return this;
    }

    /// <summary>The answer to a message that a ROUTER received: its <see cref="Envelope"/>, then these frames.</summary>
    /// <exception cref="InvalidOperationException">The message has no frames.</exception>
    public Message Reply(params ReadOnlySpan<Frame> body)
    {
        if (_count == 0) throw new InvalidOperationException("A message without frames has no envelope to reply to.");
        ReadOnlySpan<Frame> envelope = Envelope;
        Message reply = new() { _frames = new Frame[envelope.Length + body.Length] };
        foreach (Frame frame in envelope) reply.Append(frame);
        foreach (Frame frame in body) reply.Append(frame);
        return reply;
    }

    /// <summary>Holds on to a borrowed message: its frames stay valid until it is disposed, without a copy. Owned messages need no keeping.</summary>
    /// <returns>This message.</returns>
    public Message Keep()
    {
        IsKept = true;
        return this;
    }

    /// <summary>Makes this message equal to another: owned frames are shared, since nobody changes them; borrowed frames are shared
    /// with the engine's help, without copying bytes where it can.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">A borrowed frame of <paramref name="other"/> was released already.</exception>
    public void CopyFrom(Message other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other)) return;
        Clear();
        foreach (Frame frame in other.Frames)
        {
            if (frame.Buffer is not { } buffer)
            {
                Add(frame);
                continue;
            }

            _ = frame.Span; // throws where the frame was released
            Append(buffer.Share(TakeSpareBuffer()), frame.Length);
        }
    }

    /// <summary>Removes the frames; what was borrowed goes back to the engine, and frames still held by somebody become unreadable.</summary>
    public void Clear()
    {
        foreach (ref Frame frame in Room[.._count])
        {
            FrameBuffer? buffer = frame.Buffer;
            frame = default;
            if (buffer is null) continue;
            buffer.Version++;
            buffer.Release();
            AddSpareBuffer(buffer);
        }

        _count = 0;
    }

    /// <summary>The same as <see cref="Clear"/>. Twice is fine.</summary>
    public void Dispose() => Clear();

    /// <summary>For engines: an emptied buffer to receive the next frame into, or null to make one.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public FrameBuffer? TakeSpareBuffer()
    {
        if (_spares == 0) return null;
        ref Spare spare = ref _spare[--_spares];
        FrameBuffer? buffer = spare.Buffer;
        spare.Buffer = null;
        return buffer;
    }

    /// <summary>For engines: the buffer of a message of one borrowed frame, to be overwritten by the next receive; null for any other message.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public FrameBuffer? OnlyBuffer => _count == 1 ? Room[0].Buffer : null;

    /// <summary>For engines: <see cref="OnlyBuffer"/> was overwritten. Whoever kept a frame of what was there before finds it released.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Refill(int length)
    {
        ref Frame frame = ref Room[0];
        FrameBuffer buffer = frame.Buffer!;
        buffer.Version++;
        frame = new Frame(buffer, length);
    }

    /// <summary>For engines: gives back a buffer that turned out not to be needed.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void AddSpareBuffer(FrameBuffer buffer)
    {
        if (_spares == _spare.Length) Array.Resize(ref _spare, Math.Max(2, _spares * 2));
        _spare[_spares++].Buffer = buffer;
    }

    /// <summary>For engines: adds a frame of so many bytes that lies in <paramref name="buffer"/>, which belongs to this message from now on.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public void Append(FrameBuffer buffer, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Add(new Frame(buffer, length));
    }

    /// <summary>Enumerates the frames.</summary>
    public IEnumerator<Frame> GetEnumerator()
    {
        for (int i = 0; i < _count; i++) yield return Room[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>For logs: the frames, long ones cut.</summary>
    public override string ToString() => $"[{string.Join(", ", this)}]";

    private Span<Frame> Room => _frames is null ? new Span<Frame>(ref _only) : _frames;

    private int EnvelopeCount
    {
        get
        {
            for (int i = 1; i < _count; i++)
            {
                if (Room[i].IsEmpty) return i + 1;
            }

            return Math.Min(_count, 1);
        }
    }

    private static Frame Owned(Frame frame) => frame.IsBorrowed ? Frame.Copy(frame.Span) : frame;

    private void Add(Frame frame)
    {
        Reserve();
        Room[_count++] = frame;
    }

    private void Reserve()
    {
        Span<Frame> room = Room;
        if (_count < room.Length) return;
        var frames = new Frame[_count * 2 + 2];
        room.CopyTo(frames);
        _frames = frames;
        _only = default;
    }

    // An array of a class asks at each store whether the object fits; one of these does not.
    private struct Spare
    {
        public FrameBuffer? Buffer;
    }
}
