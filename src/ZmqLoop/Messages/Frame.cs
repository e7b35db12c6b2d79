using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ZmqLoop;

/// <summary>One frame of a <see cref="Message"/>: bytes that nobody changes.</summary>
/// <remarks>
/// <para>An owned frame may be kept for as long as you like. A borrowed one (<see cref="IsBorrowed"/>) belongs to the engine and is valid
/// until its message is released or received
/// into again, after which reading it throws <see cref="ObjectDisposedException"/>; take <see cref="ToArray"/> or <see
/// cref="Message.Keep"/> to hold on to it.</para>
/// <para>A callback that a stream called with <c>copy: false</c>, and <see cref="Message.Borrow"/>, look straight into the engine's memory.
/// Elsewhere, and on other threads, the first look
/// at a borrowed frame copies it, so that a span never outlives what it shows.</para>
/// <para>Conversions from arrays, spans and strings copy; <see cref="Own(byte[])"/> hands an array over without a copy.</para>
/// <para>Corresponds to pyzmq's <c>bytes</c> (owned) and <c>zmq.Frame</c> (borrowed).</para>
/// </remarks>
/// <example><code>
/// Frame text = "17 apples";                 // a copy, in UTF-8
/// Frame bytes = Frame.Own([1, 2, 3]);       // the array itself
/// ReadOnlySpan&lt;byte&gt; span = text.Span;
/// Console.WriteLine($"{text.ToText()}: {span.Length} bytes; {bytes.Length} more");
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct Frame : IEquatable<Frame>
{
    private readonly object? _owner;    // byte[], FrameBuffer or ReceivedBytes
    private readonly int _position;     // the offset into the array, or the version of the buffer
    private readonly int _length;

    private Frame(object? owner, int position, int length)
    {
        _owner = owner;
        _position = position;
        _length = length;
    }

    internal Frame(FrameBuffer buffer, int length) : this(buffer, buffer.Version, length)
    {
    }

    /// <summary>Makes a frame look at what its buffer holds now, and is spared the write barrier that storing a frame costs.</summary>
    internal static void Refill(ref Frame frame, FrameBuffer buffer, int length)
    {
        Unsafe.AsRef(in frame._position) = buffer.Version;
        Unsafe.AsRef(in frame._length) = length;
    }

    /// <summary>A frame that knows what connection it came by.</summary>
    internal static Frame Received(byte[] array, ConnectionProperties properties) =>
        new(new ReceivedBytes(array, properties), 0, array.Length);

    /// <summary>A frame without bytes, such as the delimiter of a REQ envelope.</summary>
    public static Frame Empty => default;

    /// <summary>How many bytes.</summary>
    public int Length => _length;

    /// <summary>True for a frame without bytes.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>True for a frame that looks into the engine's memory and is valid only for a while.</summary>
    public bool IsBorrowed => _owner is not null && !IsArray(_owner) && _owner.GetType() != typeof(ReceivedBytes);

    /// <summary>The bytes.</summary>
    /// <remarks>In a callback with <c>copy: false</c> and inside <see cref="Message.Borrow"/> the engine's memory itself; else, of a
    /// borrowed frame, a copy made at the first look. The span is
    /// good for as long as you have it, whatever becomes of the message.</remarks>
    /// <exception cref="ObjectDisposedException">A borrowed frame whose message was released meanwhile.</exception>
    /// <exception cref="InvalidOperationException">A borrowed frame of a callback that runs on another thread, and has not called <see
    /// cref="Message.Keep"/>.</exception>
    public ReadOnlySpan<byte> Span => _owner is not null && IsArray(_owner)
        ? Unsafe.As<byte[]>(_owner).AsSpan(_position, _length)
        : SpanOfOthers();

    /// <summary>The bytes of an owned frame, without a copy.</summary>
    /// <exception cref="InvalidOperationException">The frame is borrowed: use <see cref="Span"/>, <see cref="ToArray"/> or <see
    /// cref="Message.Keep"/>.</exception>
    public ReadOnlyMemory<byte> Memory => _owner switch
    {
        byte[] array => array.AsMemory(_position, _length),
        ReceivedBytes received => received.Bytes.AsMemory(_position, _length),
        null => default,
        _ => throw new InvalidOperationException("A borrowed frame has no Memory: read its Span now, or take ToArray() or Message.Keep()."),
    };

    /// <summary>What is known of the connection that a frame came by: <c>User-Id</c> (from an authenticator), <c>Peer-Address</c>,
    /// <c>Socket-Type</c>, <c>Routing-Id</c>, and what an authenticator added or, where that says nothing of the name, the peer
    /// itself: what it claims is no proof. <c>zmq_msg_gets</c>, pyzmq's <c>Frame.get</c>.</summary>
    /// <remarks>A borrowed frame is asked for any name; a copied one knows those that its socket was told to keep
    /// (<see cref="ZMQSocket.KeptProperties"/>), and <c>User-Id</c> where the socket authenticates. A frame of
    /// your own knows nothing. The routing id of a ROUTER's message, borrowed from libzmq, may know nothing either: ask the next frame, or
    /// <see cref="Message.UserId"/>.</remarks>
    /// <returns>Null where nothing of that name is known, such as over inproc.</returns>
    /// <exception cref="InvalidOperationException">The frame is a copy of which that was not kept, or was never received.</exception>
    /// <exception cref="NotSupportedException">The frame is borrowed from NetMQ, which knows nothing of its connections.</exception>
    /// <exception cref="ObjectDisposedException">The frame's message was released meanwhile.</exception>
    public string? GetProperty(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (_owner is ReceivedBytes received) return received.Properties[name];
        using FramePin pin = Pin();
        return pin.Buffer is { } buffer ? buffer.GetProperty(name) : throw new InvalidOperationException(
            "This frame does not know where it came from. Over libzmq a copy knows User-Id where its socket authenticates, and what its "
            + "socket's KeptProperties name; with copy: false a frame knows all until the callback returns. NetMQ knows nothing of it.");
    }

    /// <summary>As <see cref="GetProperty"/>, for what works on each engine: false, and null, where this frame cannot know.</summary>
    /// <exception cref="ObjectDisposedException">The frame's message was released meanwhile.</exception>
    public bool TryGetProperty(string name, out string? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        value = null;
        if (_owner is ReceivedBytes received) return received.Properties.TryGet(name, out value);
        using FramePin pin = Pin();
        if (pin.Buffer is not { KnowsConnection: true } buffer) return false;
        value = buffer.GetProperty(name);
        return true;
    }

    /// <summary>Hands an array over: the frame is the array, and nobody may change it from now on.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="array"/> is null.</exception>
    public static Frame Own(byte[] array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new Frame(Exactly(array), 0, array.Length);
    }

    /// <summary>As <see cref="Own(byte[])"/>, for a part of the array.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The array has no such part.</exception>
    public static Frame Own(byte[] array, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(array);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset, (uint)array.Length, nameof(offset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)(array.Length - offset), nameof(length));
        return new Frame(Exactly(array), offset, length);
    }

    /// <summary>A frame with a copy of the bytes.</summary>
    public static Frame Copy(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? Empty : Own(bytes.ToArray());

    /// <summary>A frame with the text in UTF-8.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static Frame FromString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Own(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>A frame with a value as JSON, by a source-generated contract.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    public static Frame FromJson<T>(T value, JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Own(JsonSerializer.SerializeToUtf8Bytes(value, type));
    }

    /// <summary>A frame with what is written: for serializers that write to an <see cref="IBufferWriter{T}"/>.</summary>
    /// <param name="write">Called once, before this returns. What it throws leaves this call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="write"/> is null.</exception>
    public static Frame Write(Action<IBufferWriter<byte>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        return Write(write, static (write, target) => write(target));
    }

    /// <summary>As <see cref="Write(Action{IBufferWriter{byte}})"/>, with an argument instead of a closure.</summary>
    public static Frame Write<TState>(TState state, Action<TState, IBufferWriter<byte>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        ArrayBufferWriter<byte> target = new();
        write(state, target);
        return Copy(target.WrittenSpan);
    }

    /// <summary>The value that the bytes hold as JSON, by a source-generated contract.</summary>
    /// <exception cref="JsonException">They hold no such value.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    public T? ToJson<T>(JsonTypeInfo<T> type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return JsonSerializer.Deserialize(Span, type);
    }

    /// <summary>A copy of the bytes, as a new array.</summary>
    public byte[] ToArray()
    {
        if (!IsBorrowed) return Span.ToArray();
        using FramePin pin = Pin();
        return pin.Buffer!.Span.ToArray();
    }

    /// <summary>The bytes as UTF-8 text; what is not UTF-8 becomes U+FFFD.</summary>
    public string ToText()
    {
        if (!IsBorrowed) return Encoding.UTF8.GetString(Span);
        using FramePin pin = Pin();
        return Encoding.UTF8.GetString(pin.Buffer!.Span);
    }

    /// <summary>True where the bytes are the same.</summary>
    public bool Equals(Frame other) => Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Frame other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Frame left, Frame right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(Frame left, Frame right) => !left.Equals(right);

    /// <summary>A frame with a copy of the array.</summary>
    public static implicit operator Frame(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return Copy(bytes);
    }

    /// <summary>A frame with a copy of the bytes.</summary>
    public static implicit operator Frame(ReadOnlySpan<byte> bytes) => Copy(bytes);

    /// <summary>A frame with a copy of the bytes.</summary>
    public static implicit operator Frame(ReadOnlyMemory<byte> bytes) => Copy(bytes.Span);

    /// <summary>A frame with the text in UTF-8.</summary>
    public static implicit operator Frame(string text) => FromString(text);

    /// <summary>For logs: the text where it is printable ASCII, else hexadecimal; long frames are cut.</summary>
    public override string ToString()
    {
        if (_owner is FrameBuffer buffer && !buffer.IsReadable(_position))
            return buffer.Version == _position ? "(borrowed by another thread)" : "(released)";
        ReadOnlySpan<byte> bytes = Span;
        ReadOnlySpan<byte> head = bytes[..Math.Min(bytes.Length, 32)];
        bool printable = !head.ContainsAnyExceptInRange((byte)' ', (byte)'~');
        string text = printable ? Encoding.ASCII.GetString(head) : "0x" + Convert.ToHexString(head);
        return head.Length < bytes.Length ? $"{text}… ({bytes.Length} bytes)" : text;
    }

    /// <summary>The memory that a borrowed frame looks into; null for an owned one.</summary>
    internal FrameBuffer? Buffer => IsBorrowed ? Unsafe.As<FrameBuffer>(_owner) : null; // of an open class, a cast would take a call

    /// <summary>Of a borrowed frame: which content of the buffer it looks at.</summary>
    internal int Version => _position;

    /// <summary>The memory, as it is, until the pin is disposed of: for what does not leave the call, such as sending it on.</summary>
    /// <exception cref="ObjectDisposedException">The frame's message was released meanwhile.</exception>
    /// <exception cref="InvalidOperationException">Another thread borrows it.</exception>
    internal FramePin Pin() => Buffer is { } buffer ? new FramePin(buffer, _position) : default;

    // An sbyte[] may pass for a byte[], and so a test with `is` takes a call wherever it fails; that for this very type does not.
    private static bool IsArray(object owner) => owner.GetType() == typeof(byte[]);

    private static byte[] Exactly(byte[] array) => IsArray(array) ? array : array.AsSpan().ToArray();

    private ReadOnlySpan<byte> SpanOfOthers() => _owner switch
    {
        ReceivedBytes received => received.Bytes.AsSpan(_position, _length),
        FrameBuffer buffer => buffer.Look(_position),
        _ => default,
    };
}
