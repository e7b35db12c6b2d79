using System.Diagnostics;
using System.Text;

namespace TaskService.Demo;

/// <summary>A process of the demo, with its lines of stdout as they come and its stderr kept.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ChildProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to stderr up to now.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    public static ChildProcess Start(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>This very program, as another process.</summary>
    public static ChildProcess StartSelf(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isHost ? Start(program, [typeof(ChildProcess).Assembly.Location, .. arguments]) : Start(program, arguments);
    }

    public Task<string?> ReadLineAsync(CancellationToken cancel) => _process.StandardOutput.ReadLineAsync(cancel).AsTask();

    public Task WaitAsync(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Sends a signal, such as INT, with the shell that every Unix has: .NET can only kill.</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("sh", ["-c", $"kill -s {signal} {Id}"]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
