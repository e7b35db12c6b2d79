using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Formats;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop rep</c>.</summary>
internal sealed class RepCommand : SocketCommand
{
    private readonly Option<string[]> _reply = ReplyOption.Create("Without it, what was asked.");

    public RepCommand() : base("rep", "Answers requests, which it writes to stdout: with what was asked, or by a template.",
        "Ends after so many requests.", null,
        "rep --bind tcp://*:5555                                 # an echo",
        "rep --bind tcp://*:5555 --reply 'hello {0}, you are number {n}'",
        "rep --bind tcp://*:5555 --reply ok '{time}'             # two frames")
    {
        Options.Add(_reply);
    }

    protected override SocketType Type => SocketType.Rep;

    protected override Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow)
    {
        MessageTemplate template = ReplyOption.Read(result, _reply) ?? new MessageTemplate(new Message("{frames}"));
        return new Receiving(session, stream, flow, Format.Read(result)).RunAsync(async request =>
        {
            Message reply = request.Reply([.. template.Fill(request.Frames, flow.Received.Messages)]);
            await stream.SendAsync(reply);
            flow.NoteSent(reply);
        });
    }
}
