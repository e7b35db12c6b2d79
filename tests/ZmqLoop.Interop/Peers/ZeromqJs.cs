using System.ComponentModel;
using System.Diagnostics;

namespace ZmqLoop.Interop.Peers;

/// <summary>Node with zeromq.js: ZMQLOOP_NODE_MODULES names the folder that holds it, and is empty where there is none.</summary>
internal static class ZeromqJs
{
    private static readonly Lazy<string?> _missing = new(FindWhatIsMissing);

    public static string Modules => Environment.GetEnvironmentVariable("ZMQLOOP_NODE_MODULES") ?? "";

    public static void SkipIfMissing() => Assert.SkipWhen(_missing.Value is not null, "zeromq.js is missing: " + _missing.Value);

    private static string? FindWhatIsMissing()
    {
        string? reason = Environment.GetEnvironmentVariable("ZMQLOOP_NODE_REASON");
        if (Modules.Length == 0) return string.IsNullOrEmpty(reason) ? "ZMQLOOP_NODE_MODULES is not set; ./build.sh test sets it" : reason;
        try
        {
            ProcessStartInfo start = new("node", ["-e", "require('zeromq')"]) { RedirectStandardError = true };
            start.Environment["NODE_PATH"] = Modules;
            using Process process = Process.Start(start)!;
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
