using System.Runtime.InteropServices;

namespace ZmqLoop.Interop;

/// <summary>A ZeroMQ context. Its sockets hold it, so it is terminated when it and the last of them are closed.</summary>
internal sealed class ContextHandle : SafeHandle
{
    private readonly ManualResetEventSlim _terminated = new();
    private int _openSockets;

    public ContextHandle() : base(0, ownsHandle: true)
    {
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>How many sockets are open.</summary>
    public int OpenSockets => Volatile.Read(ref _openSockets);

    /// <summary>A socket was opened or closed.</summary>
    public void CountSocket(int change) => Interlocked.Add(ref _openSockets, change);

    /// <summary>Waits until closed sockets have sent what they may still send, and the context is gone.</summary>
    /// <returns>False where that takes longer; it goes on in the background.</returns>
    public bool WaitUntilTerminated(TimeSpan timeout) => _terminated.Wait(timeout);

    // zmq_ctx_term blocks while closed sockets linger. Whoever lets go last, a loop or the finalizer thread, must not.
    protected override bool ReleaseHandle()
    {
        nint context = handle;
        Thread thread = new(() => Terminate(context)) { IsBackground = true, Name = "ZmqLoop context termination" };
        thread.UnsafeStart();
        return true;
    }

    private void Terminate(nint context)
    {
        while (Libzmq.zmq_ctx_term(context) != 0)
        {
            if (!Errors.WasInterrupted(out _)) break;
        }

        _terminated.Set();
    }
}
