using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Formats;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop router</c>.</summary>
internal sealed class RouterCommand : SocketCommand
{
    private readonly Option<string[]> _reply = ReplyOption.Create("Frames of the envelope do not count. Without it nothing is answered.");

    private bool _hasLost; // an answer, whose peer had gone

    public RouterCommand() : base("router",
        "Receives from many, and writes to stdout who sent what: the first frame is the peer. Answers by a template, or sends from stdin "
        + "to the peer that is the first frame.",
        "Ends after so many messages have come.", new MessageInput(needed: false),
        "router --bind tcp://*:5555 --format json                # ids are binary: json shows and takes them",
        "router --bind tcp://*:5555 --reply 'you said {0}'",
        "router --bind tcp://*:5555 --format json - < answers.json")
    {
        Options.Add(_reply);
    }

    protected override SocketType Type => SocketType.Router;

    protected override async Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow)
    {
        MessageTemplate? template = ReplyOption.Read(result, _reply);
        Task<int> received = new Receiving(session, stream, flow, Format.Read(result))
            .RunAsync(template is null ? null : message => AnswerAsync(session, stream, message, template, flow));
        int sent = Input!.IsThere(result)
            ? await new Sending(session, stream, flow).RunAsync(Input.Read(session, result, Format, null))
            : ExitCode.Done;
        return sent != ExitCode.Done ? sent : await received;
    }

    private async Task AnswerAsync(Session session, ZMQStream stream, Message message, MessageTemplate template, Flow flow)
    {
        // A REQ's request has an empty frame behind the peer's id, a DEALER's need not.
        message.EnvelopeFormat = message.Count > 1 && message[1].IsEmpty ? EnvelopeFormat.Delimiter : EnvelopeFormat.RoutingId;
        Message reply = message.Reply([.. template.Fill(message.Body, flow.Received.Messages)]);
        try
        {
            await stream.SendAsync(reply);
            flow.NoteSent(reply);
        }
        catch (ZMQException exception) when (exception.Code == ZMQErrorCode.HostUnreachable)
        {
            if (!_hasLost) session.Warn($"a peer was gone before its answer, and others may be later: {exception.Message}");
            _hasLost = true;
        }
    }
}
