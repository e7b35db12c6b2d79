using System.Runtime.InteropServices;

namespace ZmqLoop.Testing;

/// <summary>Sends signals to the thread that made it until disposed: system calls that wait return EINTR.</summary>
/// <remarks>SIGWINCH, for which the runtime installs a harmless handler when somebody asks for it.</remarks>
public sealed partial class Interruptions : IDisposable
{
    private const int Sigwinch = 28;

    private readonly PosixSignalRegistration _handler =
        PosixSignalRegistration.Create((PosixSignal)Sigwinch, static context => context.Cancel = true);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _sender;
    private int _sent;

    /// <param name="storm">One every ten microseconds or so, instead of one every millisecond.</param>
    public Interruptions(bool storm = false)
    {
        int process = Environment.ProcessId;
        int thread = gettid();
        _sender = new Thread(() =>
        {
            while (!IsOver(storm))
            {
                if (tgkill(process, thread, Sigwinch) == 0) Interlocked.Increment(ref _sent);
            }
        });
        _sender.Start();
    }

    /// <summary>How many signals were sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    public void Dispose()
    {
        _stop.Set();
        _sender.Join();
        _handler.Dispose();
        _stop.Dispose();
    }

    private bool IsOver(bool storm)
    {
        if (!storm) return _stop.Wait(1);
        Thread.Yield();
        Thread.SpinWait(200);
        return _stop.IsSet;
    }

    [LibraryImport("libc")]
    private static partial int gettid();

    [LibraryImport("libc")]
    private static partial int tgkill(int process, int thread, int signal);
}
