using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;

namespace ZmqLoop.Tool.Sockets;

/// <summary>The engines by their names.</summary>
internal static class Engines
{
    public const string NetMQ = "netmq";
    public const string LibZmq = "libzmq";

    private const string Variable = "ZMQLOOP_ENGINE";

    /// <summary>The one that is meant where the command line says none: what the library's own variable says.</summary>
    public static string Usual(ArgumentResult result)
    {
        string? usual = Environment.GetEnvironmentVariable(Variable);
        if (usual is not (null or "" or NetMQ or LibZmq))
            result.AddError($"{Variable} is '{usual}': set it to {NetMQ} or {LibZmq}, or not at all.");
        return usual == LibZmq ? LibZmq : NetMQ;
    }

    /// <param name="name">One of the two.</param>
    /// <param name="log">Where it logs.</param>
    public static ZMQEngine Create(string name, ILoggerFactory log) => name == LibZmq
        ? new LibZmqEngine(new LibZmqEngineOptions { DisposeTimeout = TimeSpan.Zero }) // the process's end waits, and says what was left
        : new NetMQEngine(new NetMQEngineOptions { LoggerFactory = log, AllowUnenforcedCurve = true }); // SecurityOptions tells of it
}
