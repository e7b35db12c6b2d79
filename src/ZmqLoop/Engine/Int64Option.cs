namespace ZmqLoop;

internal sealed class Int64Option(int id, string name) : SocketOption<long>(id, name)
{
    internal override long Read(ZMQSocket socket) => socket.GetInteger(this, sizeof(long));

    internal override void Write(ZMQSocket socket, long value) => socket.SetInteger(this, value, sizeof(long));
}
