using System.Diagnostics;

namespace ZmqLoop.Testing.Hostile;

/// <summary>A run of ZmqLoop.NetMQ.Fuzz, a program without a test framework's own handler of exceptions.</summary>
public static class FuzzProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="limit">Only a failure waits for it.</param>
    /// <param name="descriptors">How many it may have; null leaves that as it is.</param>
    /// <param name="arguments">What it is to do.</param>
    public static async Task<(int ExitCode, string Output)> RunAsync(TimeSpan limit, int? descriptors, params string[] arguments)
    {
        // Built beside these tests, in the same configuration: bin/PROJECT/CONFIGURATION.
        string[] here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar);
        string[] there = [.. here[..^2], "ZmqLoop.NetMQ.Fuzz", here[^1], "ZmqLoop.NetMQ.Fuzz.dll"];
        string program = string.Join(Path.DirectorySeparatorChar, there);
        string[] command = ["dotnet", program, .. arguments];
        if (descriptors is { } count) command = ["/bin/sh", "-c", $"ulimit -n {count} && exec \"$@\"", "sh", .. command];
        ProcessStartInfo start = new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        over.CancelAfter(limit);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(over.Token);
            string output = await process.StandardOutput.ReadToEndAsync(over.Token);
            await process.WaitForExitAsync(over.Token);
            return (process.ExitCode, output + await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
