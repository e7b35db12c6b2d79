namespace ZmqLoop;

// How each kind of option value travels to the engine: as an integer or as bytes.

/// <param name="id">The library's.</param>
/// <param name="name">The library's.</param>
/// <param name="least">What is less is refused, on each engine alike.</param>
internal sealed class Int32Option(int id, string name, int least = int.MinValue) : SocketOption<int>(id, name)
{
    internal override int Read(ZMQSocket socket) => (int)socket.GetInteger(this, sizeof(int));

    internal override void Write(ZMQSocket socket, int value)
    {
        if (value < least) throw new ArgumentOutOfRangeException(nameof(value), value, $"{Name} is at least {least}.");
        socket.SetInteger(this, value, sizeof(int));
    }
}
