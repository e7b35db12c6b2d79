using System.Diagnostics;
using System.Text.Json;

namespace ZmqLoop.Interop.Requests;

/// <summary>A server or a client of pyzmq's in a process of its own: see requests.py.</summary>
internal sealed class PyzmqProcess : ChildProcess
{
    private PyzmqProcess(ProcessStartInfo start) : base(start)
    {
    }

    /// <summary>Where a server listens.</summary>
    public string Endpoint { get; private set; } = "";

    public static async Task<PyzmqProcess> ServeAsync(string kind, string name, string endpoint = "tcp://127.0.0.1:*")
    {
        PyzmqProcess process = Start(kind, endpoint, name);
        process.Endpoint = await process.ReadLineAsync();
        return process;
    }

    public static PyzmqProcess Client(string kind, string endpoint) => Start(kind, endpoint, "client");

    /// <summary>Has a client ask.</summary>
    public async Task<string[]> AskAsync(string request)
    {
        await Process.StandardInput.WriteLineAsync(request.AsMemory(), TestContext.Current.CancellationToken);
        await Process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<string[]>(await ReadLineAsync())!;
    }

    /// <summary>SIGSTOP: its connections stay, and nothing comes from it any more.</summary>
    public void Freeze()
    {
        using Process kill = Process.Start("kill", ["-STOP", $"{Process.Id}"]);
        kill.WaitForExit();
    }

    private static PyzmqProcess Start(string kind, string endpoint, string name)
    {
        Pyzmq.SkipIfMissing();
        string script = Path.Combine(AppContext.BaseDirectory, "Peers", "requests.py");
        return new PyzmqProcess(new ProcessStartInfo(Pyzmq.Path, ["-u", script, kind, endpoint, name]) { RedirectStandardInput = true });
    }

    private async Task<string> ReadLineAsync()
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Deadline.Default);
        return await Process.StandardOutput.ReadLineAsync(late.Token) ?? throw new InvalidOperationException($"It has ended. {Errors}");
    }
}
