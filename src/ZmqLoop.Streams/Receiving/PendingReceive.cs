namespace ZmqLoop.Streams;

/// <summary>Somebody waits for a message; in the list of its <see cref="Inbox"/>.</summary>
internal sealed class PendingReceive : Pending<Message>
{
    public PendingReceive() => Node = new LinkedListNode<PendingReceive>(this);

    public LinkedListNode<PendingReceive> Node { get; }
}
