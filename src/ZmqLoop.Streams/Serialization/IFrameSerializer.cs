using System.Buffers;

namespace ZmqLoop.Streams;

/// <summary>Turns values into the bytes of a frame and back, for typed messages and requests: <see cref="JsonFrameSerializer"/>, or
/// MessagePack, protobuf, or what you like (examples/TypedMessages). pyzmq's pickle is not safe against strangers, and is not
/// here.</summary>
/// <remarks>It is called on whichever thread sends, and on the loop's.</remarks>
public interface IFrameSerializer
{
    /// <summary>Writes a value.</summary>
    void Serialize<T>(T value, IBufferWriter<byte> target);

    /// <summary>Reads a value back; what the bytes do not hold is an exception.</summary>
    T? Deserialize<T>(ReadOnlySpan<byte> source);
}
