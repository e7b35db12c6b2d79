using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>Linux's eventfd: one system call to wake, and none to go on where its edge is watched.</summary>
internal sealed unsafe class EventFdWaker : Waker
{
    private readonly DescriptorHandle _handle = Linux.eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);

    public EventFdWaker()
    {
        if (_handle.IsInvalid) throw Errno.ToException(Errno.Last, "Making an eventfd");
    }

    public override int Descriptor => _handle.Descriptor;

    public override void Drain()
    {
        ulong value;
        _ = Linux.read(_handle, &value, sizeof(ulong));
    }

    protected override void Signal()
    {
        try
        {
            ulong one = 1;
            _ = Linux.write(_handle, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Disposed under our hands: nobody waits any longer.
        }
    }

    protected override void Close() => _handle.Dispose();
}
