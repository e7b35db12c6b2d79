namespace ZmqLoop;

/// <summary>The bytes of a copied frame that knows what connection it came by: what a <see cref="Frame"/> has in place of an
/// array.</summary>
internal sealed class ReceivedBytes(byte[] bytes, ConnectionProperties properties)
{
    public byte[] Bytes { get; } = bytes;

    public ConnectionProperties Properties { get; } = properties;
}
