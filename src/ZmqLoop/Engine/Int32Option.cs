namespace ZmqLoop;

// How each kind of option value travels to the engine: as an integer or as bytes.

internal sealed class Int32Option(int id, string name) : SocketOption<int>(id, name)
{
    internal override int Read(ZMQSocket socket) => (int)socket.GetInteger(this, sizeof(int));

    internal override void Write(ZMQSocket socket, int value) => socket.SetInteger(this, value, sizeof(int));
}
