using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

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
