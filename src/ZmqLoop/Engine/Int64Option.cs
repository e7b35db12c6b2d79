namespace ZmqLoop;

/// <param name="id">The library's.</param>
/// <param name="name">The library's.</param>
/// <param name="least">What is less is refused, on each engine alike.</param>
internal sealed class Int64Option(int id, string name, long least = long.MinValue) : SocketOption<long>(id, name)
{
    internal override long Read(ZMQSocket socket) => socket.GetInteger(this, sizeof(long));

    internal override void Write(ZMQSocket socket, long value)
    {
        if (value < least) throw new ArgumentOutOfRangeException(nameof(value), value, $"{Name} is at least {least}.");
        socket.SetInteger(this, value, sizeof(long));
    }
}
