using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>One epoll instance: which descriptors it watches, each under 64 bits of our own.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    private readonly EpollEvents _change = new(1);
    private readonly DescriptorHandle _handle = Linux.epoll_create1(Linux.EPOLL_CLOEXEC);

    public Epoll()
    {
        if (_handle.IsInvalid) throw Errno.ToException(Errno.Last, "Making an epoll instance");
    }

    /// <exception cref="InvalidOperationException">The descriptor is watched already.</exception>
    /// <exception cref="NotSupportedException">It is of a kind that cannot be waited for, such as a file on disk.</exception>
    public void Add(int descriptor, uint bits, ulong data, object source)
    {
        int number = Control(Linux.EPOLL_CTL_ADD, descriptor, bits, data);
        if (number == 0) return;
        throw number switch
        {
            Linux.EEXIST => new InvalidOperationException($"{source}: its descriptor {descriptor} is watched already."),
            Linux.EPERM => new NotSupportedException($"{source} cannot be waited for: it is always ready."),
            Linux.EBADF => new ObjectDisposedException(source.ToString(), $"{source} is not open."),
            _ => Errno.ToException(number, $"Watching {source}"),
        };
    }

    /// <returns>0, or errno.</returns>
    public int Modify(int descriptor, uint bits, ulong data) => Control(Linux.EPOLL_CTL_MOD, descriptor, bits, data);

    /// <summary>Ends watching; a descriptor closed meanwhile is no error.</summary>
    public void Remove(int descriptor) => Control(Linux.EPOLL_CTL_DEL, descriptor, 0, 0);

    /// <returns>How many events there are; 0 also where a signal interrupted the wait.</returns>
    public int Wait(EpollEvents events, int milliseconds)
    {
        int count = Linux.epoll_wait(_handle, events.Pointer, events.Capacity, milliseconds);
        if (count >= 0) return count;
        int number = Errno.Last;
        if (number == ErrorNumbers.Interrupted) return 0;
        throw Errno.ToException(number, "Waiting");
    }

    public void Dispose() => _handle.Dispose();

    private int Control(int operation, int descriptor, uint bits, ulong data)
    {
        _change.Set(0, bits, data);
        return Linux.epoll_ctl(_handle, operation, descriptor, _change.Pointer) == 0 ? 0 : Errno.Last;
    }
}
