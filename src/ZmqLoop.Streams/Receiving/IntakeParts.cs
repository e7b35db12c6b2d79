namespace ZmqLoop.Streams;

/// <summary>All that a stream gives its messages to whoever asks for them with, made when somebody first does: an idle stream whose
/// messages go to a callback needs none of it.</summary>
internal sealed class IntakeParts
{
    public IntakeParts(
        ZMQSocket socket, MessageSource source, Lockstep lockstep, IReceivingTurn turn, StreamLife life, StreamCallbacks callbacks,
        StreamTraffic traffic, MessageActivities activities, ZMQStreamOptions options)
    {
        Inbox = new Inbox(socket, options.ReadAhead, lockstep, turn.Demand);
        Intake = new Intake(source, lockstep, Inbox, life, callbacks, traffic, activities, options);
        Polls = new Polls(socket, Inbox, life, turn.Demand);
        Reader = new InboxReader(Inbox);
    }

    public Inbox Inbox { get; }

    public Intake Intake { get; }

    public Polls Polls { get; }

    public InboxReader Reader { get; }
}
