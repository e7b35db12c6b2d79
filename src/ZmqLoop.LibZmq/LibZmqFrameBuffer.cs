using System.Runtime.InteropServices;
using ZmqLoop.Interop;

namespace ZmqLoop;

/// <summary>A <c>zmq_msg_t</c> in native memory: what a borrowed frame looks into. Pooled with the message it was received into.</summary>
/// <remarks>Native, since short messages lie inside the structure itself and must not move.</remarks>
internal sealed unsafe class LibZmqFrameBuffer : FrameBuffer
{
    // libzmq keeps up to this many bytes inside the structure, so that there is nothing to give back.
    private const int Inside = 29;

    // What is longer counts for the garbage collector, which sees a few hundred bytes of a message without that.
    private const int Counted = 1024;

    private readonly zmq_msg_t* _message;
    private byte* _data; // once somebody looked
    private int _length;
    private int _counted; // bytes that the garbage collector was told of

    public LibZmqFrameBuffer()
    {
        _message = (zmq_msg_t*)NativeMemory.AlignedAlloc((nuint)sizeof(zmq_msg_t), (nuint)sizeof(zmq_msg_t));
        _ = Libzmq.zmq_msg_init(_message);
    }

    ~LibZmqFrameBuffer()
    {
        _ = Libzmq.zmq_msg_close(_message);
        NativeMemory.AlignedFree(_message);
        if (_counted > 0) NativeMemoryPressure.Remove(_counted);
    }

    /// <summary>A buffer that is the caller's memory itself; null for so little that libzmq would copy it around inside its structures
    /// anyway.</summary>
    public static LibZmqFrameBuffer? Lend(ReadOnlyMemory<byte> bytes, Action released)
    {
        if (bytes.Length <= Inside) return null;
        LibZmqFrameBuffer buffer = new();
        PinnedMemory.Lend(buffer._message, bytes, released);
        buffer.Filled(bytes.Length);
        return buffer;
    }

    /// <summary>The message to receive into or to copy from. Call <see cref="Filled"/> after receiving.</summary>
    public zmq_msg_t* Message => _message;

    protected internal override ReadOnlySpan<byte> Span
    {
        get
        {
            if (_data == null) _data = Libzmq.zmq_msg_data(_message);
            return new ReadOnlySpan<byte>(_data, _length);
        }
    }

    /// <summary>Takes note of how many bytes were received.</summary>
    public void Filled(int length)
    {
        _data = null;
        _length = length;
        Uncount();
    }

    /// <summary>An owned frame of what was received, whose memory goes back at once.</summary>
    /// <param name="length">How many bytes were received.</param>
    /// <param name="properties">What the frame is to know of its connection; null where nobody asks.</param>
    /// <param name="more">True where another frame of the same message follows.</param>
    public Frame CopyOut(int length, ConnectionProperties? properties, out bool more)
    {
        more = Libzmq.zmq_msg_more(_message) != 0;
        if (length == 0) return properties is null ? Frame.Empty : Frame.Received([], properties);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(length);
        new ReadOnlySpan<byte>(Libzmq.zmq_msg_data(_message), length).CopyTo(bytes);
        if (length > Inside) Empty();
        GC.KeepAlive(this); // or its finalizer could run while it is read
        return properties is null ? Frame.Own(bytes) : Frame.Received(bytes, properties);
    }

    /// <summary>What the connection has of these names, which is the same for each frame of a message.</summary>
    public ConnectionProperties GetProperties(string[] names) => new(names, Array.ConvertAll(names, GetProperty));

    internal override string? GetProperty(string name) => Marshal.PtrToStringUTF8((nint)Libzmq.zmq_msg_gets(_message, name));

    protected internal override FrameBuffer Share(FrameBuffer? target)
    {
        LibZmqFrameBuffer copy = target as LibZmqFrameBuffer ?? new LibZmqFrameBuffer();
        if (Libzmq.zmq_msg_copy(copy._message, _message) != 0) throw Errors.Last().ToException("Sharing a message");
        copy.Filled(_length);
        return copy;
    }

    internal override void BecameOwned()
    {
        if (_length < Counted || _counted > 0) return;
        _counted = _length;
        NativeMemoryPressure.Add(_counted);
    }

    protected internal override void Release()
    {
        bool holdsMemory = _length > Inside;
        _data = null;
        _length = 0;
        if (holdsMemory) Empty(); // else the next receive closes it
        Uncount();
    }

    private void Uncount()
    {
        if (_counted == 0) return;
        NativeMemoryPressure.Remove(_counted);
        _counted = 0;
    }

    /// <summary>Gives back the memory of what was received.</summary>
    internal void Empty()
    {
        _ = Libzmq.zmq_msg_close(_message);
        _ = Libzmq.zmq_msg_init(_message);
    }
}
