using System.Diagnostics;

namespace ZmqLoop.Packages;

/// <summary>dotnet, git or a shell, as somebody types it.</summary>
internal static class Command
{
    // Only a failure waits for it.
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(8);

    public static Task<(int ExitCode, string Output)> DotnetAsync(string folder, params string[] arguments) =>
        RunAsync(folder, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    /// <summary>Runs it to its end.</summary>
    /// <returns>How it ended, and what it wrote, errors last.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start =
            new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What the test's own dotnet has set is for its own version and folder.
        foreach (string name in start.Environment.Keys.Where(IsOfThisBuild).ToArray()) start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // a node that stays would keep the pipes open
        start.Environment["UseSharedCompilation"] = "false"; // and so would a compiler
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        using Process process = Process.Start(start)!;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(_limit);
        try
        {
            Task<string> errors = process.StandardError.ReadToEndAsync(late.Token);
            string output = await process.StandardOutput.ReadToEndAsync(late.Token);
            await process.WaitForExitAsync(late.Token);
            return (process.ExitCode, output + await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Runs what has to end well.</summary>
    /// <returns>What it wrote.</returns>
    public static async Task<string> MustAsync(Task<(int ExitCode, string Output)> command)
    {
        (int exitCode, string output) = await command;
        Assert.True(exitCode == 0, output);
        return output;
    }

    private static bool IsOfThisBuild(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name is "SOURCE_DATE_EPOCH" or "NUGET_PACKAGES";
}
