using System.Buffers;
using ProtoBuf;
using ZmqLoop.Streams;

namespace TypedMessages;

internal sealed class ProtobufSerializer : IFrameSerializer
{
    public void Serialize<T>(T value, IBufferWriter<byte> target) => Serializer.Serialize(target, value);

    public T? Deserialize<T>(ReadOnlySpan<byte> source) => Serializer.Deserialize<T>(source);
}
