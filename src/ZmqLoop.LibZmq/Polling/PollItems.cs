using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Polling;

/// <summary>An array of <c>zmq_pollitem_t</c>: a socket or a descriptor (as wide as a pointer on Windows, else an int), what to watch, what
/// was found.</summary>
internal sealed unsafe class PollItems
{
    private static readonly int _descriptorOffset = IntPtr.Size;
    private static readonly int _eventsOffset = _descriptorOffset + (OperatingSystem.IsWindows() ? IntPtr.Size : sizeof(int));
    private static readonly int _foundOffset = _eventsOffset + sizeof(short);
    private static readonly int _stride = (_foundOffset + sizeof(short) + IntPtr.Size - 1) & -IntPtr.Size;

    // Pinned for as long as it lives: libzmq writes into it.
    private byte[] _bytes = Allocate(16);

    public int Count { get; private set; }

    public void* Pointer => Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    /// <param name="socket">A ZeroMQ socket, or 0 to watch the descriptor.</param>
    /// <param name="descriptor">What to watch where there is no ZeroMQ socket.</param>
    /// <param name="events">What for.</param>
    public void Add(nint socket, int descriptor, IOEvents events)
    {
        if ((Count + 1) * _stride > _bytes.Length)
        {
            byte[] larger = Allocate(Count * 2);
            _bytes.CopyTo(larger, 0);
            _bytes = larger;
        }

        Span<byte> item = Item(Count++);
        item.Clear();
        MemoryMarshal.Write(item, socket);
        if (OperatingSystem.IsWindows()) MemoryMarshal.Write(item[_descriptorOffset..], (nint)descriptor);
        else MemoryMarshal.Write(item[_descriptorOffset..], descriptor);
        SetEvents(Count - 1, events);
    }

    /// <summary>Puts the last item in the place of this one.</summary>
    public void RemoveBySwap(int index)
    {
        Count--;
        Item(Count).CopyTo(Item(index));
    }

    public void Set(int index, nint socket, IOEvents events)
    {
        MemoryMarshal.Write(Item(index), socket);
        SetEvents(index, events);
    }

    private void SetEvents(int index, IOEvents events) => MemoryMarshal.Write(Item(index)[_eventsOffset..], (short)events.ToZeroMQ());

    public IOEvents Found(int index) => EventConversions.FromZeroMQ(MemoryMarshal.Read<short>(Item(index)[_foundOffset..]));

    private static byte[] Allocate(int count) => GC.AllocateArray<byte>(count * _stride, pinned: true);

    private Span<byte> Item(int index) => _bytes.AsSpan(index * _stride, _stride);
}
