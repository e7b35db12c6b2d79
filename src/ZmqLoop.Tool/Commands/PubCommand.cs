using System.CommandLine;
using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Commands;

/// <summary><c>zmqloop pub</c>: an XPUB, which knows who has subscribed.</summary>
internal sealed class PubCommand : SocketCommand
{
    private const byte Subscribes = 1;

    private readonly Option<int> _subscribers = new("--subscribers")
    {
        Description = "Waits for so many subscriptions before it sends, since nobody gets what was published before; 0 to send at once.",
        HelpName = "number",
        DefaultValueFactory = static _ => 1,
    };

    public PubCommand() : base("pub",
        "Publishes messages; the first frame is the topic. Waits for a subscriber first. What a slow subscriber has not taken yet waits in "
        + "memory; above --hwm, where that is given, it is dropped.",
        "How many messages to send: the arguments so often, or so many lines.", new MessageInput(needed: true),
        "pub --bind tcp://*:5556 weather.berlin sunny           # topic and value, to whoever subscribes first",
        "pub --connect tcp://host:5556 --frames ' ' < lines.txt # the first word of each line is the topic",
        "pub --bind tcp://*:5556 --subscribers 0 --interval 1s --template tick '{n} {time}'")
    {
        Options.Add(_subscribers);
    }

    protected override SocketType Type => SocketType.XPub;

    protected override void Prepare(ZMQSocket socket, ParseResult result)
    {
        socket.XPubVerbose = true; // two subscribers of one topic are two
        if (!Socket.HasHwm(result)) socket.SendHighWaterMark = 0; // above it a publisher drops, and tells nobody
    }

    protected override async Task<int> UseAsync(Session session, ParseResult result, ZMQStream stream, Flow flow)
    {
        IAsyncEnumerable<Message> messages = Input!.Read(session, result, Format, flow.Count);
        int wanted = result.GetValue(_subscribers);
        int subscribed = 0;
        TaskCompletionSource there = new();
        stream.OnRecv(message =>
        {
            if (message[0].Span is [Subscribes, ..] && ++subscribed >= wanted) there.TrySetResult();
        });
        try
        {
            if (wanted > 0) await WaitAsync(session, there.Task, flow.Ending);
        }
        catch (OperationCanceledException) when (flow.IsLate)
        {
            session.Warn($"nothing was published: of {wanted} subscriptions {subscribed} came");
            return ExitCode.TimedOut;
        }

        flow.Touch();
        return await new Sending(session, stream, flow).RunAsync(messages);
    }

    private static async Task WaitAsync(Session session, Task there, CancellationToken ending)
    {
        TimeoutHandle hint = session.Loop.CallLater(1, () => session.Note("waiting for a subscriber; --subscribers 0 sends without"));
        try
        {
            await there.WaitAsync(ending);
        }
        finally
        {
            session.Loop.RemoveTimeout(hint);
        }
    }
}
