using System.Runtime.InteropServices;

namespace ZmqLoop;

/// <summary>The signals that end services, for a loop, until it is closed.</summary>
internal sealed class SignalShutdown(IOLoop loop, Func<Task>? finish)
{
    private int _count;

    /// <summary>Listens from now on.</summary>
    public void Begin()
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
        {
            PosixSignalRegistration registration = NullContext.RunDetached(() => PosixSignalRegistration.Create(signal, Handle));
            loop.Closed.UnsafeRegister(static registration => ((PosixSignalRegistration)registration!).Dispose(), registration);
        }
    }

    /// <summary>A signal has come.</summary>
    /// <returns>True where the loop is going to stop; false where the process is to end as it would without us.</returns>
    public bool Come()
    {
        if (loop.HasStopped) return false; // nobody would see to it
        switch (Interlocked.Increment(ref _count))
        {
            case 1:
                return loop.SpawnCallback(FinishAsync);
            case 2 when !loop.IsClosed:
                loop.Stop();
                return true;
            default:
                return false;
        }
    }

    private void Handle(PosixSignalContext signal) => signal.Cancel = Come();

    private async Task FinishAsync()
    {
        try
        {
            await (finish?.Invoke() ?? Task.CompletedTask);
        }
        finally
        {
            loop.Stop();
        }
    }
}
