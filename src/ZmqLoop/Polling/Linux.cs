using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>The few system calls of Linux that the poller needs, under their C names.</summary>
internal static unsafe partial class Linux
{
    private const string Library = "libc";

    [LibraryImport(Library)]
    internal static partial int close(int descriptor);
}

/// <summary>A file descriptor of our own.</summary>
internal sealed class DescriptorHandle : SafeHandle
{
    public DescriptorHandle() : base(-1, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == -1;

    public int Descriptor => (int)handle;

    protected override bool ReleaseHandle() => Linux.close((int)handle) == 0;
}
