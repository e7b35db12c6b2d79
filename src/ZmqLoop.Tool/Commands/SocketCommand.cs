using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.CommandLine;
using ZmqLoop.Tool.Formats;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Sockets;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Commands;

/// <summary>A command that is one socket: it sends, receives, or both.</summary>
internal abstract class SocketCommand : ToolCommand
{
    private readonly FlowOptions _flow;

    protected SocketCommand(string name, string description, string count, MessageInput? input, params string[] examples)
        : base(name, description, examples)
    {
        _flow = new FlowOptions(count);
        Input = input;
        input?.AddTo(this);
        Socket.AddTo(this);
        _flow.AddTo(this);
        Format.AddTo(this);
        RunOnLoop(RunAsync);
    }

    protected SocketOptions Socket { get; } = new();

    protected FormatOptions Format { get; } = new();

    protected MessageInput? Input { get; }

    protected abstract SocketType Type { get; }

    /// <summary>Sets what is special about the socket, before it is bound and connected.</summary>
    protected virtual void Prepare(ZMQSocket socket, ParseResult result)
    {
    }

    /// <summary>Whether there has to be somebody before the command begins: what is sent to nobody would be lost at the end.</summary>
    protected virtual bool WaitsForPeer(ParseResult result) => false;

    /// <summary>What the command does with its open socket.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow);

    private async Task<int> RunAsync(Session session, ParseResult result)
    {
        using Flow flow = _flow.Read(session, result);
        Format.Read(result); // what is wrong is said before anything is bound, or waited for
        if (Input?.IsThere(result) == true) Input.Read(session, result, Format, null);
        Presence presence = null!;
        ZMQStream stream = Socket.Open(session, Type, result, socket =>
        {
            Prepare(socket, result);
            presence = new Presence(session, socket);
        });
        bool isAlone = WaitsForPeer(result) && !await presence.WaitAsync(flow);
        int exitCode = isAlone ? ExitCode.TimedOut : await ShowAsync(session, flow, () => UseAsync(session, result, stream, flow));
        await stream.CloseAsync(session, flow, Socket.LingerOf(result));
        return exitCode;
    }

    /// <summary>With a bar, where it is known how many there will be, and they are not seen themselves.</summary>
    private static Task<int> ShowAsync(Session session, Flow flow, Func<Task<int>> use) => flow.Count > 1 && Console.IsOutputRedirected
        ? ProgressBar.ShowAsync(session, "messages", flow.Count.Value, () => Math.Max(flow.Received.Messages, flow.Sent.Messages), use)
        : use();
}
