using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop pull</c>.</summary>
internal sealed class PullCommand() : SocketCommand("pull", "Receives what PUSH sockets send, and writes it to stdout.",
    "Ends after so many messages.", null,
    "pull --bind tcp://*:5557",
    "pull --connect tcp://host:5557 --format json > messages.json   # for push --format json",
    "pull --bind tcp://*:5557 --count 1 --raw > picture.png",
    "pull --bind tcp://*:5557 --stats > /dev/null                   # how many come")
{
    protected override SocketType Type => SocketType.Pull;

    protected override Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow) =>
        new Receiving(session, stream, flow, Format.Read(result)).RunAsync();
}
