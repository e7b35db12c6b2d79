namespace ZmqLoop;

/// <summary>A descriptor: an int on Unix, a SOCKET (as wide as a pointer) on Windows. Read only.</summary>
internal sealed class DescriptorOption(int id, string name) : SocketOption<long>(id, name)
{
    internal override long Read(ZMQSocket socket) => socket.GetInteger(this, OperatingSystem.IsWindows() ? IntPtr.Size : sizeof(int));

    internal override void Write(ZMQSocket socket, long value) => throw new NotSupportedException($"{Name} is read only.");
}
