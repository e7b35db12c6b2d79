using System.Text;

namespace ZmqLoop;

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
