using System.Diagnostics;

namespace ZmqLoop.Testing;

/// <summary>One test of this assembly, in a process of its own that ends when the test does, whatever that has left running.</summary>
public static class TestProcess
{
    private const string Variable = "ZMQLOOP_OTHER_PROCESS";

    /// <summary>Skips a test that is for the other process alone.</summary>
    public static void SkipElsewhere() =>
        Assert.SkipWhen(Environment.GetEnvironmentVariable(Variable) is null, "Runs in the process that another test starts.");

    /// <summary>Runs a test there.</summary>
    /// <returns>How it ended, and what it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(Type tests, string method,
        params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start =
            new(Environment.ProcessPath!, OneTest.Arguments(tests, method)) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = "1";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process child = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60)); // only a failure waits for it
        try
        {
            Task<string> errors = child.StandardError.ReadToEndAsync(limit.Token);
            string output = await child.StandardOutput.ReadToEndAsync(limit.Token);
            await child.WaitForExitAsync(limit.Token);
            return (child.ExitCode, output + await errors);
        }
        finally
        {
            if (!child.HasExited) child.Kill(entireProcessTree: true);
        }
    }
}
