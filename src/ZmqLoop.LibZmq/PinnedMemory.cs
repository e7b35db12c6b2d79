using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ZmqLoop.Interop;

namespace ZmqLoop;

/// <summary>Managed memory that libzmq sends from: pinned until libzmq says, on a thread of its own, that it has let go.</summary>
internal sealed unsafe class PinnedMemory
{
    private readonly Action _released;
    private MemoryHandle _pin;

    private PinnedMemory(ReadOnlyMemory<byte> bytes, Action released)
    {
        _released = released;
        _pin = bytes.Pin();
    }

    /// <summary>Makes a message of the memory itself.</summary>
    /// <exception cref="ZMQException">libzmq has no memory for it; nothing was lent.</exception>
    public static void Lend(zmq_msg_t* message, ReadOnlyMemory<byte> bytes, Action released)
    {
        PinnedMemory lent = new(bytes, released);
        GCHandle self = GCHandle.Alloc(lent);
        if (Libzmq.zmq_msg_init_data(message, lent._pin.Pointer, (nuint)bytes.Length, &Free, (void*)GCHandle.ToIntPtr(self)) == 0) return;
        int number = Errors.Last();
        self.Free();
        lent._pin.Dispose();
        _ = Libzmq.zmq_msg_init(message);
        throw number.ToException("Lending memory");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* data, void* hint)
    {
        var self = GCHandle.FromIntPtr((nint)hint);
        var lent = (PinnedMemory)self.Target!;
        self.Free();
        lent._pin.Dispose();
        lent._released();
    }
}
