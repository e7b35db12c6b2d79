using System.Diagnostics;

namespace ZmqLoop.Testing;

/// <summary>One of the examples, run as its users run it.</summary>
public sealed class ExampleProcess : ChildProcess
{
    // Only a failure waits for it, on a machine that may be busy with other tests.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _late;

    private ExampleProcess(ProcessStartInfo start, CancellationToken cancel) : base(start)
    {
        _late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _late.CancelAfter(_limit);
    }

    /// <param name="project">Which.</param>
    /// <param name="arguments">Its own.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <param name="within">A command that runs it, such as those of <see cref="Networks"/>.</param>
    public static ExampleProcess Start(
        string project, string[] arguments, Dictionary<string, string>? environment = null, IReadOnlyList<string>? within = null)
    {
        // artifacts/bin/PROJECT/CONFIGURATION, as for this assembly.
        string folder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string program = Path.GetFullPath(Path.Combine(folder, "..", "..", project, Path.GetFileName(folder), project + ".dll"));
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string[] command = [.. within ?? [], host, program, .. arguments];
        // where its settings lie: in this program's own folder are those of one example of several
        return StartProgram(command[0], command[1..], environment, Path.GetDirectoryName(program)!);
    }

    /// <summary>Starts a program that is an executable file.</summary>
    public static ExampleProcess StartProgram(
        string program, string[] arguments, Dictionary<string, string>? environment = null, string folder = "")
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder };
        foreach ((string name, string value) in environment ?? []) start.Environment[name] = value;
        return new ExampleProcess(start, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs an example that ends by itself, and well.</summary>
    /// <returns>The lines that it wrote.</returns>
    public static async Task<string[]> RunAsync(string project, params string[] arguments)
    {
        using ExampleProcess program = Start(project, arguments);
        (int exitCode, string output) = await program.EndAsync();
        Assert.True(exitCode == 0, program.Errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    /// <summary>Reads stdout up to the line that begins like this.</summary>
    /// <returns>The rest of the line.</returns>
    public async Task<string> ReadToAsync(string beginning)
    {
        while (await Process.StandardOutput.ReadLineAsync(_late.Token) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal)) return line[beginning.Length..].Trim();
        }

        throw new InvalidOperationException($"The process ended and did not write '{beginning}'. {Errors}");
    }

    /// <summary>Lets it end by itself.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        string output = await Process.StandardOutput.ReadToEndAsync(_late.Token);
        await Process.WaitForExitAsync(_late.Token);
        return (Process.ExitCode, output);
    }

    /// <summary>Ctrl-C; SIGTERM where this process, and so its children, must ignore SIGINT, as in the background of a script.</summary>
    /// <returns>True if it was Ctrl-C.</returns>
    public async Task<bool> InterruptAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sending Ctrl-C to one process on Windows.");
        bool byCtrlC = !IgnoresInterrupts();
        string signal = byCtrlC ? "INT" : "TERM";
        using Process kill = Process.Start("sh", ["-c", $"kill -s {signal} {Process.Id}"]);
        await kill.WaitForExitAsync(_late.Token);
        return byCtrlC;
    }

    /// <summary>Ends, by Ctrl-C, a program that knows no other end; skips the rest of the test where that cannot be sent.</summary>
    public async Task<(int ExitCode, string Output)> EndByCtrlCAsync()
    {
        bool byCtrlC = await InterruptAsync();
        (int ExitCode, string Output) end = await EndAsync();
        Assert.SkipUnless(byCtrlC, "Ctrl-C is ignored in this process and in what it starts, and a short example knows no other end.");
        return end;
    }

    public override void Dispose()
    {
        base.Dispose();
        _late.Dispose();
    }

    private static bool IgnoresInterrupts()
    {
        const string Status = "/proc/self/status";
        const string Ignored = "SigIgn:";
        if (!File.Exists(Status)) return false;
        string mask = File.ReadLines(Status).First(line => line.StartsWith(Ignored, StringComparison.Ordinal))[Ignored.Length..].Trim();
        return (Convert.ToUInt64(mask, 16) & (1UL << 1)) != 0; // signal 2
    }
}
