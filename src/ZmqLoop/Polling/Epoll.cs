using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>One epoll instance: which descriptors it watches, each under 64 bits of our own.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    // Where libc or the kernel turns out not to have it.
    private static volatile bool _hasExactWait = Environment.Is64BitProcess;

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
        return count >= 0 ? count : Failed();
    }

    /// <summary>As the other, but not rounded to milliseconds, where the system can do that.</summary>
    public int WaitExactly(EpollEvents events, Countdown countdown)
    {
        TimeSpan left = countdown.Left; // once: it may be over in the next moment, and a negative time is an error
        if (left <= TimeSpan.Zero || !_hasExactWait) return Wait(events, countdown.Milliseconds);
        Linux.Timespec time = new(left);
        try
        {
            int count = Linux.epoll_pwait2(_handle, events.Pointer, events.Capacity, &time, null);
            if (count >= 0) return count;
            if (Errno.Last != Linux.ENOSYS) return Failed();
        }
        catch (EntryPointNotFoundException)
        {
            // an older libc
        }

        _hasExactWait = false;
        return Wait(events, countdown.Milliseconds);
    }

    public void Dispose() => _handle.Dispose();

    private static int Failed()
    {
        int number = Errno.Last;
        return number == ErrorNumbers.Interrupted ? 0 : throw Errno.ToException(number, "Waiting");
    }

    private int Control(int operation, int descriptor, uint bits, ulong data)
    {
        _change.Set(0, bits, data);
        return Linux.epoll_ctl(_handle, operation, descriptor, _change.Pointer) == 0 ? 0 : Errno.Last;
    }
}
