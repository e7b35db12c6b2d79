namespace ZmqLoop;

/// <summary>An option of a ZeroMQ socket: its number and ZeroMQ's name. See <see cref="ZMQSocketOptions"/> for all of them.</summary>
public abstract class SocketOption
{
    private protected SocketOption(int id, string name)
    {
        Id = id;
        Name = name;
    }

    /// <summary>libzmq's number of the option.</summary>
    public int Id { get; }

    /// <summary>ZeroMQ's name, such as <c>ZMQ_SNDHWM</c>.</summary>
    public string Name { get; }

    /// <summary>The length in bytes of a value that always has the same one, such as a key; 0 where it varies.</summary>
    internal int FixedLength { get; private protected init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>An option whose value is a <typeparamref name="T"/>.</summary>
/// <typeparam name="T">int, long, ulong, bool, TimeSpan (milliseconds on the wire), string or byte[].</typeparam>
public abstract class SocketOption<T> : SocketOption
{
    private protected SocketOption(int id, string name) : base(id, name)
    {
    }

    internal abstract T Read(ZMQSocket socket);

    internal abstract void Write(ZMQSocket socket, T value);
}
