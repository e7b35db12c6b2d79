using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Formats;
using ZmqLoop.Tool.Running;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop req</c>.</summary>
internal sealed class ReqCommand() : SocketCommand("req",
    "Asks a REP or ROUTER, one request after the other, and writes the answers to stdout.",
    "How many requests: the arguments so often, or so many lines.", new MessageInput(needed: true),
    "req --connect tcp://127.0.0.1:5555 hello --timeout 5s  # 124 where no answer comes",
    "req --connect tcp://host:5555 < questions.txt > answers.txt",
    "req --connect tcp://host:5555 --format json '[\"add\", \"1\", \"2\"]'")
{
    protected override SocketType Type => SocketType.Req;

    protected override bool WaitsForPeer(ParseResult result) => true;

    protected override async Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow)
    {
        MessageFormat format = Format.Read(result);
        try
        {
            await foreach (Message request in Input!.Read(session, result, Format, flow.Count).WithCancellation(flow.Ending))
            {
                flow.Touch();
                await stream.SendAsync(request, flow.Ending);
                flow.NoteSent(request);
                Message answer = await stream.ReceiveAsync(flow.Ending);
                flow.NoteReceived(answer);
                format.Write(answer, session.Output.Buffer);
                await session.Output.FlushAsync();
            }
        }
        catch (OperationCanceledException) when (flow.IsLate)
        {
            session.Warn($"no answer within {Units.Seconds(flow.Timeout!.Value.TotalSeconds)}");
            return ExitCode.TimedOut;
        }

        return ExitCode.Done;
    }
}
