using ZmqLoop.Tool.CommandLine;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop bench</c>.</summary>
internal sealed class BenchCommand : ToolCommand
{
    public BenchCommand() : base("bench", "Measures latency and rate between two hosts, over one connection.",
        "bench serve --bind tcp://*:5600                         # there",
        "bench run --connect tcp://there:5600                    # here")
    {
        Subcommands.Add(new BenchServeCommand());
        Subcommands.Add(new BenchRunCommand());
    }
}
