using System.Globalization;

namespace ZmqLoop.Interop;

public sealed class TaskServiceTests
{
    [Fact]
    public async Task Every_request_of_pyzmq_clients_is_answered_whatever_they_send_and_whoever_vanishes()
    {
        Pyzmq.SkipIfMissing();
        string[] kinds =
        [
            "malformed", "missing_frame", "extra_frames", "empty_frame", "too_large", "bad_request", "unknown_op", "timeout", "failure",
            "late_failure",
        ];
        string log = Path.GetTempFileName();
        try
        {
            (int exitCode, string output, Dictionary<string, double> table) = await RunDemoAsync(log);
            Assert.True(exitCode == 0, output);
            Assert.Contains("pyzmq", output, StringComparison.Ordinal);
            Assert.Equal(400, table["requests"]);
            Assert.All(kinds, kind => Assert.True(table["  " + kind] > 0, output));

            string lines = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
            Assert.All(kinds, kind => Assert.Contains(kind + " (no. 1)", lines, StringComparison.Ordinal));
            if (EngineUnderTest.Current.Can(Abilities.Handshakes))
                Assert.Contains("dropped_connection (no. 1)", lines, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Fact]
    public async Task Without_pyzmq_the_demo_says_so_and_drives_with_clients_of_its_own()
    {
        string log = Path.GetTempFileName();
        try
        {
            Dictionary<string, string> environment =
                new() { ["ZMQLOOP_PYTHON"] = "", ["ZMQLOOP_PYTHON_REASON"] = "it went out for a walk" };
            (int exitCode, string output, _) = await RunDemoAsync(log, environment);
            Assert.True(exitCode == 0, output);
            Assert.Contains("pyzmq skipped: it went out for a walk", output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Fact]
    public async Task Interrupted_the_service_ends_with_0()
    {
        using ExampleProcess service =
            ExampleProcess.Start("TaskService", ["serve", "--front", "tcp://127.0.0.1:*", "--progress", "tcp://127.0.0.1:*"]);
        await service.ReadToAsync("ready");
        await service.InterruptAsync();
        (int exitCode, _) = await service.EndAsync();
        Assert.True(exitCode == 0, service.Errors);
        Assert.Contains("stopped after 0 requests", service.Errors, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, Dictionary<string, double> Table)> RunDemoAsync(string log,
        Dictionary<string, string>? environment = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The demo interrupts its service, which one process cannot do to another on Windows.");
        using ExampleProcess demo = ExampleProcess.Start("TaskService", ["demo", "--requests", "400", "--log", log], environment);
        (int exitCode, string output) = await demo.EndAsync();
        output += demo.Errors;
        Dictionary<string, double> table = ReadTable(output);
        if (exitCode != 0) return (exitCode, output, table);
        Assert.Equal(0, table["lost"]);
        Assert.Equal(0, table["duplicate replies"]);
        Assert.Equal(0, table["mismatched replies"]);
        Assert.Equal(2, table["vanished clients"]);
        Assert.True(table["replies"] > 0, output);
        Assert.True(table["progress messages"] > 0, output);
        Assert.Equal(0, table["exit code"]);
        return (exitCode, output, table);
    }

    /// <summary>The rows: a name of 21 columns and a number of 10.</summary>
    private static Dictionary<string, double> ReadTable(string output)
    {
        const int Name = 21;
        const int Number = 10;
        Dictionary<string, double> table = [];
        foreach (string line in output.Split('\n'))
        {
            if (line.Length < Name + Number) continue;
            if (double.TryParse(line.AsSpan(Name, Number), NumberStyles.Number, CultureInfo.InvariantCulture, out double value))
                table[line[..Name].TrimEnd()] = value;
        }

        return table;
    }
}
