using System.Text;

namespace ZmqLoop;

// How each kind of option value travels to the engine: as an integer or as bytes.

internal sealed class Int32Option(int id, string name) : SocketOption<int>(id, name)
{
    internal override int Read(ZMQSocket socket) => (int)socket.GetInteger(this, sizeof(int));

    internal override void Write(ZMQSocket socket, int value) => socket.SetInteger(this, value, sizeof(int));
}

internal sealed class Int64Option(int id, string name) : SocketOption<long>(id, name)
{
    internal override long Read(ZMQSocket socket) => socket.GetInteger(this, sizeof(long));

    internal override void Write(ZMQSocket socket, long value) => socket.SetInteger(this, value, sizeof(long));
}

internal sealed class UInt64Option(int id, string name) : SocketOption<ulong>(id, name)
{
    internal override ulong Read(ZMQSocket socket) => unchecked((ulong)socket.GetInteger(this, sizeof(ulong)));

    internal override void Write(ZMQSocket socket, ulong value) => socket.SetInteger(this, unchecked((long)value), sizeof(ulong));
}

internal sealed class BooleanOption(int id, string name) : SocketOption<bool>(id, name)
{
    internal override bool Read(ZMQSocket socket) => socket.GetInteger(this, sizeof(int)) != 0;

    internal override void Write(ZMQSocket socket, bool value) => socket.SetInteger(this, value ? 1 : 0, sizeof(int));
}

/// <summary>A descriptor: an int on Unix, a SOCKET (as wide as a pointer) on Windows. Read only.</summary>
internal sealed class DescriptorOption(int id, string name) : SocketOption<long>(id, name)
{
    internal override long Read(ZMQSocket socket) => socket.GetInteger(this, OperatingSystem.IsWindows() ? IntPtr.Size : sizeof(int));

    internal override void Write(ZMQSocket socket, long value) => throw new NotSupportedException($"{Name} is read only.");
}

/// <summary>Milliseconds in an int; -1 is for ever, <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
internal sealed class DurationOption(int id, string name) : SocketOption<TimeSpan>(id, name)
{
    internal override TimeSpan Read(ZMQSocket socket)
    {
        long value = socket.GetInteger(this, sizeof(int));
        return value < 0 ? Timeout.InfiniteTimeSpan : new TimeSpan(value * TimeSpan.TicksPerMillisecond);
    }

    internal override void Write(ZMQSocket socket, TimeSpan value)
    {
        long milliseconds = value == Timeout.InfiniteTimeSpan ? -1 : (value.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (milliseconds > int.MaxValue || (value < TimeSpan.Zero && value != Timeout.InfiniteTimeSpan))
            throw new ArgumentOutOfRangeException(nameof(value), value, $"{Name} takes 0 to {int.MaxValue} milliseconds, or Timeout.InfiniteTimeSpan.");
        socket.SetInteger(this, milliseconds, sizeof(int));
    }
}

internal sealed class TextOption(int id, string name) : SocketOption<string>(id, name)
{
    internal override string Read(ZMQSocket socket)
    {
        ReadOnlySpan<byte> bytes = socket.GetBytes(this);
        return Encoding.UTF8.GetString(bytes.TrimEnd((byte)0));
    }

    internal override void Write(ZMQSocket socket, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        socket.SetBytes(this, Encoding.UTF8.GetBytes(value));
    }
}

internal sealed class BytesOption(int id, string name) : SocketOption<byte[]>(id, name)
{
    internal override byte[] Read(ZMQSocket socket) => socket.GetBytes(this);

    internal override void Write(ZMQSocket socket, byte[] value)
    {
        ArgumentNullException.ThrowIfNull(value);
        socket.SetBytes(this, value);
    }
}

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
