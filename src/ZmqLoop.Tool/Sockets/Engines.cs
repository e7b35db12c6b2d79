using Microsoft.Extensions.Logging;

namespace ZmqLoop.Tool.Sockets;

/// <summary>The engines by their names.</summary>
internal static class Engines
{
    public const string NetMQ = "netmq";
    public const string LibZmq = "libzmq";

    /// <summary>The one that is meant where the command line says none: what the library's own variable says.</summary>
    public static string Usual => Environment.GetEnvironmentVariable("ZMQLOOP_ENGINE") == LibZmq ? LibZmq : NetMQ;

    /// <param name="name">One of the two.</param>
    /// <param name="log">Where it logs.</param>
    public static ZMQEngine Create(string name, ILoggerFactory log) => name == LibZmq
        ? new LibZmqEngine(new LibZmqEngineOptions { DisposeTimeout = TimeSpan.Zero }) // the process's end waits, and says what was left
        : new NetMQEngine(new NetMQEngineOptions { LoggerFactory = log, AllowUnenforcedCurve = true }); // SecurityOptions tells of it
}
