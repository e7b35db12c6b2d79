using System.CommandLine;
using ZmqLoop.Tool.Sockets;

namespace ZmqLoop.Tool.Running;

/// <summary>What all commands have.</summary>
internal static class SessionOptions
{
    public static Option<string> Engine { get; } = new Option<string>("--engine")
    {
        Description = "The ZeroMQ library below: netmq, or libzmq, which has to be installed, and has PLAIN, ipc, and CURVE that is "
            + "enforced.",
        DefaultValueFactory = Engines.Usual,
        Recursive = true,
    }.AcceptOnlyFromAmong(Engines.NetMQ, Engines.LibZmq);

    public static Option<bool> Quiet { get; } = new("--quiet", "-q")
    {
        Description = "Nothing on stderr but errors and warnings.",
        Recursive = true,
    };

    public static Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Description = "The library's log, and of unexpected errors all that is known, on stderr.",
        Recursive = true,
    };
}
