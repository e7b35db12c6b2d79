using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>A real loop in the default poller, on a thread of its own, until disposed.</summary>
internal sealed class RunningLoop : IDisposable
{
    public RunningLoop()
    {
        Loop = new IOLoop(new IOLoopOptions { MakeCurrent = false });
        Thread = new Thread(Loop.Start) { IsBackground = true };
        Thread.Start();
        Deadline.WaitUntil(() => Loop.IsRunning);
    }

    public IOLoop Loop { get; }

    public Thread Thread { get; }

    public void Dispose()
    {
        Loop.Stop();
        if (!Thread.Join(Deadline.Default)) throw new TimeoutException($"The loop did not stop. {Loop}");
        Loop.Dispose();
    }
}
