namespace ZmqLoop;

internal sealed class UInt64Option(int id, string name) : SocketOption<ulong>(id, name)
{
    internal override ulong Read(ZMQSocket socket) => unchecked((ulong)socket.GetInteger(this, sizeof(ulong)));

    internal override void Write(ZMQSocket socket, ulong value) => socket.SetInteger(this, unchecked((long)value), sizeof(ulong));
}
