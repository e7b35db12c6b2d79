using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop push</c>.</summary>
internal sealed class PushCommand() : SocketCommand("push",
    "Sends messages to PULL sockets, each to one of them; waits until somebody is there.",
    "How many messages to send: the arguments so often, or so many lines.", new MessageInput(needed: true),
    "push --connect tcp://127.0.0.1:5557 hello                   # one message of one frame",
    "push --bind tcp://*:5557 < jobs.txt                         # a message for each line",
    "push --connect tcp://host:5557 header @picture.png          # two frames, the second a file",
    "push --connect tcp://host:5557 --format json --timeout 5s < messages.json")
{
    protected override SocketType Type => SocketType.Push;

    protected override bool WaitsForPeer(ParseResult result) => true;

    protected override Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow) =>
        new Sending(session, stream, flow).RunAsync(Input!.Read(session, result, Format, flow.Count));
}
