using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

// Whose the loop is while it runs.
public partial class IOLoop
{
    /// <summary>True on the thread that runs the loop, and on any thread while nothing runs it.</summary>
    public bool CheckAccess() => _thread is not { } thread || ReferenceEquals(thread, Thread.CurrentThread);

    Thread? ILoopThread.Thread => _thread;

    private void VerifyAccess()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        VerifyThread();
    }

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal void VerifyThread(object? what = null)
    {
        if (!CheckAccess()) ThrowWrongThread(what);
    }

    [DoesNotReturn]
    private void ThrowWrongThread(object? what) => throw ThreadAffinity.WrongThread(this, what);
}
