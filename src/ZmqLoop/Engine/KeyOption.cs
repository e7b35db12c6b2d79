namespace ZmqLoop;

/// <summary>A CURVE key, as 32 bytes.</summary>
internal sealed class KeyOption : SocketOption<byte[]>
{
    private const int KeyLength = 32;

    public KeyOption(int id, string name) : base(id, name) => FixedLength = KeyLength;

    internal override byte[] Read(ZMQSocket socket) => socket.GetBytes(this);

    internal override void Write(ZMQSocket socket, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length != KeyLength) throw new ArgumentException($"{Name} takes {KeyLength} bytes, not {value.Length}.", nameof(value));
        socket.SetBytes(this, value);
    }
}
