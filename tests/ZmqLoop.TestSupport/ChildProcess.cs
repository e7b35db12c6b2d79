using System.Diagnostics;
using System.Text;

namespace ZmqLoop.Testing;

/// <summary>A process that a test started: it is killed when it is disposed of, and what it writes to stderr is kept.</summary>
public abstract class ChildProcess : IDisposable
{
    // Only a failure waits for it.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly StringBuilder _errors = new();

    protected ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        Process = Process.Start(start)!;
        Process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        Process.BeginErrorReadLine();
    }

    /// <summary>What it wrote to stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    protected Process Process { get; }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        Process.Kill(entireProcessTree: true);
        Process.WaitForExit(_limit);
    }

    public virtual void Dispose()
    {
        if (!Process.HasExited) Kill();
        Process.Dispose();
    }
}
