namespace TaskService.Demo;

/// <summary>The service under test, as a process of its own.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly ChildProcess _process;

    private ServiceProcess(ChildProcess process, string front, string progress, string engine)
    {
        _process = process;
        Front = front;
        Progress = progress;
        Engine = engine;
    }

    public string Front { get; }

    public string Progress { get; }

    /// <summary>The name and version of its ZeroMQ library.</summary>
    public string Engine { get; }

    public int Port => new Uri(Front).Port;

    public string Log => _process.Errors;

    /// <summary>Starts it on free ports, which it tells on stdout.</summary>
    public static async Task<ServiceProcess> StartAsync(int progressEvery, CancellationToken cancel)
    {
        ChildProcess process = ChildProcess.StartSelf(
            "serve", "--front", "tcp://127.0.0.1:*", "--progress", "tcp://127.0.0.1:*", "--progress-every", $"{progressEvery}",
            "--deadline", "5"); // a machine busy with everything at once must not make a good request late
        Dictionary<string, string> told = [];
        while (!told.ContainsKey("ready"))
        {
            string? line = await process.ReadLineAsync(cancel);
            if (line is null) throw new InvalidOperationException("The service ended before it was ready: " + process.Errors);
            string[] words = line.Split(' ', 2);
            told[words[0]] = words[^1];
        }

        return new ServiceProcess(process, told["front"], told["progress"], told["engine"]);
    }

    /// <summary>Ctrl-C, and the exit code that it ends with.</summary>
    /// <returns>The signal that did it, and the exit code; null where it had to be killed.</returns>
    public async Task<(string Signal, int? ExitCode)> InterruptAsync()
    {
        // A program started in the background of a script may have to ignore SIGINT: then SIGTERM says the same.
        foreach (string signal in (string[])["INT", "TERM"])
        {
            await _process.SignalAsync(signal);
            if (await EndsWithinAsync(TimeSpan.FromSeconds(8))) return ("SIG" + signal, _process.ExitCode);
        }

        _process.Kill();
        return ("SIGKILL", null);
    }

    public void Dispose() => _process.Dispose();

    private async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        using CancellationTokenSource late = new(time);
        try
        {
            await _process.WaitAsync(late.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
