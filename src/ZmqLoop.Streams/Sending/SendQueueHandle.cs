using System.Runtime.InteropServices;

namespace ZmqLoop.Streams;

/// <summary>Holds a stream while it has something to send, and with it its loop, which may be one that nobody runs or holds: both would be
/// collected, and what was given to them lost without a word. The send queue's lock guards it, but for <see cref="Forget"/>.</summary>
internal sealed class SendQueueHandle(object owner)
{
    private volatile object? _owner = owner; // null once nobody is held any more
    private GCHandle _handle; // made once: to set its target costs next to nothing

    public void Hold()
    {
        if (_owner is not { } held) return;
        if (_handle.IsAllocated) _handle.Target = held;
        else _handle = GCHandle.Alloc(held);
    }

    public void LetGo()
    {
        if (!_handle.IsAllocated) return;
        if (_owner is null) _handle.Free();
        else _handle.Target = null;
    }

    /// <summary>The stream, or its loop, was closed: whoever still wants to send something holds the stream. Any thread.</summary>
    public void Forget()
    {
        _owner = null;
        if (_handle.IsAllocated) _handle.Target = null;
    }
}
