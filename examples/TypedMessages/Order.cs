using ProtoBuf;

namespace TypedMessages;

[ProtoContract]
internal sealed class Order
{
    [ProtoMember(1)]
    public string Item { get; init; } = "";

    [ProtoMember(2)]
    public int Count { get; init; }
}
