namespace ZmqLoop;

/// <param name="id">The library's.</param>
/// <param name="name">The library's.</param>
/// <param name="longest">How many bytes it takes; the library itself may refuse fewer.</param>
internal sealed class BytesOption(int id, string name, int longest = int.MaxValue) : SocketOption<byte[]>(id, name)
{
    /// <summary>Of a subscription. Both libraries look into it with one call inside the other for each byte: libzmq ends the process by a
    /// stack overflow between 150,000 and 200,000 bytes where the stack has 8 MiB, NetMQ earlier, and many threads have less.</summary>
    public const int LongestSubscription = 8192;

    internal override byte[] Read(ZMQSocket socket) => socket.GetBytes(this);

    internal override void Write(ZMQSocket socket, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Verify(value, nameof(value));
        socket.SetBytes(this, value);
    }

    /// <summary>Throws where it is too long, in the parameter's name.</summary>
    internal void Verify(ReadOnlySpan<byte> value, string parameter)
    {
        if (value.Length > longest) throw new ArgumentException($"{Name} takes {longest} bytes at most, not {value.Length}.", parameter);
    }
}
