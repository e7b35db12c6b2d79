using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop dealer</c>.</summary>
internal sealed class DealerCommand() : SocketCommand("dealer",
    "Sends messages as they are, and writes what comes to stdout, at the same time.",
    "Ends after so many messages have come, all being sent; 0 only sends.", new MessageInput(needed: false),
    "dealer --connect tcp://host:5555 --count 1 '' hello     # to a REP: an empty frame first",
    "dealer --connect tcp://host:5555 --timeout 2s - < messages.txt",
    "dealer --bind tcp://*:5555                              # only receives")
{
    protected override SocketType Type => SocketType.Dealer;

    protected override bool WaitsForPeer(ParseResult result) => Input!.IsThere(result);

    protected override async Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow)
    {
        Task<int> received = new Receiving(session, stream, flow, Format.Read(result)).RunAsync();
        int sent = Input!.IsThere(result)
            ? await new Sending(session, stream, flow).RunAsync(Input.Read(session, result, Format, null))
            : ExitCode.Done;
        return sent != ExitCode.Done ? sent : await received;
    }
}
