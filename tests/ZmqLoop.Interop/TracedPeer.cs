using System.Diagnostics;

namespace ZmqLoop.Interop;

/// <summary>traced.py in a process of its own.</summary>
internal sealed class TracedPeer : ChildProcess
{
    private TracedPeer(ProcessStartInfo start) : base(start)
    {
    }

    public static string Script => Path.Combine(AppContext.BaseDirectory, "Peers", "traced.py");

    /// <param name="parent">Of its answer, as W3C writes it.</param>
    public static TracedPeer Start(string parent)
    {
        Pyzmq.SkipIfMissing();
        return new TracedPeer(new ProcessStartInfo(Pyzmq.Path, ["-u", Script, parent]));
    }

    public async Task<string> ReadLineAsync()
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Deadline.Default);
        return await Process.StandardOutput.ReadLineAsync(late.Token) ?? throw new InvalidOperationException($"It has ended. {Errors}");
    }
}
