using System.Text.Json;

namespace TaskService.Demo;

/// <summary>What a client process is to do. The plan is <c>run</c>; <c>exit</c> or <c>killed</c>, to vanish; or <c>interrupt</c>, to wait
/// while the service drains.</summary>
internal sealed record ClientOptions(string Name, string Style, string Plan, int Requests, long FirstId, string Endpoint)
{
    public bool Vanishes => Plan is "exit" or "killed";

    public string[] ToArguments() =>
        ["--name", Name, "--style", Style, "--plan", Plan, "--requests", $"{Requests}", "--first-id", $"{FirstId}", "--endpoint", Endpoint];

    public static ClientOptions From(Arguments arguments) => new(
        arguments.Text("name", "client"), arguments.Text("style", "dealer"), arguments.Text("plan", "run"),
        arguments.Number("requests", 100), arguments.Number("first-id", 1), arguments.Text("endpoint", ""));
}

/// <summary>A client: pyzmq's where there is one, else a second process of this program.</summary>
internal sealed class ClientProcess(ChildProcess process, ClientOptions options) : IDisposable
{
    private volatile Report _latest = new() { Event = "started" };

    public ClientOptions Options { get; } = options;

    /// <summary>The last that it has told.</summary>
    public Report Latest => _latest;

    /// <summary>It has gone, and its requests under way with it.</summary>
    public bool HasVanished => _latest.Event == "vanishing";

    public static ClientProcess Start(Foreign foreign, ClientOptions options) => new(foreign.StartClient(options), options);

    /// <summary>Reads on until the client tells of an event. Null where it ended before.</summary>
    public async Task<Report?> WaitForAsync(string wanted, CancellationToken cancel)
    {
        while (await process.ReadLineAsync(cancel) is { } line)
        {
            _latest = JsonSerializer.Deserialize(line, ReportJson.Default.Report)!;
            if (_latest.Event == wanted) return _latest;
        }

        return null;
    }

    /// <summary>Lets the client do all that it is to do. Null where it failed.</summary>
    public async Task<Report?> RunAsync(CancellationToken cancel)
    {
        Report? report = await WaitForAsync(Options.Vanishes ? "vanishing" : "done", cancel);
        if (Options.Plan == "killed") process.Kill();
        await process.WaitAsync(cancel);
        if (report is null || process.ExitCode == 0 == Options.Vanishes)
            await Console.Error.WriteLineAsync($"{Options.Name} ended with {process.ExitCode}: {process.Errors}");
        return report;
    }

    public void Dispose() => process.Dispose();
}
