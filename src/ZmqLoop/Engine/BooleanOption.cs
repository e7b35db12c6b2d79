namespace ZmqLoop;

internal sealed class BooleanOption(int id, string name) : SocketOption<bool>(id, name)
{
    internal override bool Read(ZMQSocket socket) => socket.GetInteger(this, sizeof(int)) != 0;

    internal override void Write(ZMQSocket socket, bool value) => socket.SetInteger(this, value ? 1 : 0, sizeof(int));
}
