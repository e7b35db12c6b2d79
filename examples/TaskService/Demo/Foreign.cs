using System.Diagnostics;

namespace TaskService.Demo;

/// <summary>Where the clients come from: Python with pyzmq, or, where that is missing, this program again.</summary>
/// <param name="Python">The interpreter; null where there is no pyzmq.</param>
/// <param name="Description">For the table.</param>
internal sealed record Foreign(string? Python, string Description)
{
    /// <summary>ZMQLOOP_PYTHON names the interpreter, and is empty where there is none, for which ZMQLOOP_PYTHON_REASON says why. Unset:
    /// the system's is tried.</summary>
    public static Foreign Find()
    {
        string? named = Environment.GetEnvironmentVariable("ZMQLOOP_PYTHON");
        string? reason = Environment.GetEnvironmentVariable("ZMQLOOP_PYTHON_REASON");
        if (named is { Length: 0 }) return Without(string.IsNullOrEmpty(reason) ? "ZMQLOOP_PYTHON is empty" : reason);
        string python = named ?? "/usr/bin/python3";
        return FindPyzmq(python) is { } version
            ? new Foreign(python, $"pyzmq {version}")
            : Without(string.IsNullOrEmpty(reason) ? $"{python} cannot import zmq" : reason);
    }

    public ChildProcess StartClient(ClientOptions options) => Python is null
        ? ChildProcess.StartSelf(["client", .. options.ToArguments()])
        : ChildProcess.Start(Python, [Script("client.py"), .. options.ToArguments()]);

    public ChildProcess StartSubscriber(string endpoint) => Python is null
        ? ChildProcess.StartSelf("subscriber", "--endpoint", endpoint)
        : ChildProcess.Start(Python, Script("subscriber.py"), "--endpoint", endpoint);

    private static Foreign Without(string reason) => new(null, $".NET (pyzmq skipped: {reason})");

    private static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "clients", name);

    private static string? FindPyzmq(string python)
    {
        try
        {
            ProcessStartInfo start =
                new(python, ["-c", "import zmq; print(zmq.__version__, 'on libzmq', zmq.zmq_version())"]) { RedirectStandardOutput = true,
                    RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            string version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? version : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no such program
        }
    }
}
