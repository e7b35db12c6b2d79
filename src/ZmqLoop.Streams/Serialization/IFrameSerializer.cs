using System.Buffers;

namespace ZmqLoop.Streams;

/// <summary>Turns values into the bytes of a frame and back, for <see cref="ZMQStream.SendObject"/>: MessagePack, protobuf, or what you
/// like. pyzmq's pickle is not safe against strangers, and is not here.</summary>
/// <remarks>A stream calls it on whichever thread sends.</remarks>
public interface IFrameSerializer
{
    /// <summary>Writes a value.</summary>
    void Serialize<T>(T value, IBufferWriter<byte> target);

    /// <summary>Reads a value back; what the bytes do not hold is an exception.</summary>
    T? Deserialize<T>(ReadOnlySpan<byte> source);
}
