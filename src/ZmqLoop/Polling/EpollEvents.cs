using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ZmqLoop.Polling;

/// <summary>An array of <c>struct epoll_event</c> (bits and 64 bits of our own), which x86 packs and others align.</summary>
internal sealed unsafe class EpollEvents(int capacity)
{
    private static readonly bool _packed = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    private static readonly int _dataOffset = _packed ? 4 : 8;
    private static readonly int _stride = _packed ? 12 : 16;

    // Pinned for good, so that the kernel may write into it.
    private readonly byte[] _bytes = GC.AllocateArray<byte>(capacity * _stride, pinned: true);

    public int Capacity => capacity;

    public byte* Pointer => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));

    public uint Bits(int index) => Unsafe.ReadUnaligned<uint>(ref _bytes[index * _stride]);

    public ulong Data(int index) => Unsafe.ReadUnaligned<ulong>(ref _bytes[(index * _stride) + _dataOffset]);

    public void Set(int index, uint bits, ulong data)
    {
        Unsafe.WriteUnaligned(ref _bytes[index * _stride], bits);
        Unsafe.WriteUnaligned(ref _bytes[(index * _stride) + _dataOffset], data);
    }
}
