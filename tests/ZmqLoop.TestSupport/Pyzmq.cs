using System.ComponentModel;
using System.Diagnostics;

namespace ZmqLoop.Testing;

/// <summary>The Python that has pyzmq: ZMQLOOP_PYTHON names it, and is empty where there is none.</summary>
public static class Pyzmq
{
    private static readonly Lazy<string?> _missing = new(FindWhatIsMissing);

    public static string Path => Environment.GetEnvironmentVariable("ZMQLOOP_PYTHON") ?? "/usr/bin/python3";

    public static void SkipIfMissing() => Assert.SkipWhen(_missing.Value is not null, "pyzmq is missing: " + _missing.Value);

    private static string? FindWhatIsMissing()
    {
        string python = Path;
        string? reason = Environment.GetEnvironmentVariable("ZMQLOOP_PYTHON_REASON");
        if (python.Length == 0) return string.IsNullOrEmpty(reason) ? "ZMQLOOP_PYTHON is empty" : reason;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(python, ["-c", "import zmq"]) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }
}
