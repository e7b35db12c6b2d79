using ProtoBuf;

namespace TypedMessages;

[ProtoContract]
internal sealed class Bill
{
    [ProtoMember(1)]
    public int Total { get; init; }
}
