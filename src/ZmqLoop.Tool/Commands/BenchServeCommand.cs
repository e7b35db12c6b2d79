using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Bench;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Sockets;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop bench serve</c>.</summary>
internal sealed class BenchServeCommand : ToolCommand
{
    private readonly SocketOptions _socket = new();

    public BenchServeCommand() : base("serve", "Answers 'bench run', until it is ended by a signal.",
        "bench serve --bind tcp://*:5600", "bench serve --engine libzmq --bind tcp://*:5600")
    {
        _socket.AddTo(this);
        RunOnLoop(ServeAsync);
    }

    private async Task<int> ServeAsync(Session session, ParseResult result)
    {
        ZMQStream stream = _socket.Open(session, SocketType.Router, result);
        stream.OnRecv(new BenchServer(session.Loop, stream).Take);
        await new TaskCompletionSource().Task.WaitAsync(session.Stopping);
        return ExitCode.Done;
    }
}
