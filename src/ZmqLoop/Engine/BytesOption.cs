namespace ZmqLoop;

internal sealed class BytesOption(int id, string name) : SocketOption<byte[]>(id, name)
{
    internal override byte[] Read(ZMQSocket socket) => socket.GetBytes(this);

    internal override void Write(ZMQSocket socket, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        socket.SetBytes(this, value);
    }
}
