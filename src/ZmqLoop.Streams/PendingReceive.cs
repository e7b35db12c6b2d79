namespace ZmqLoop.Streams;

/// <summary>Somebody waits for a message. In the list of its <see cref="Inbox"/> until it got one, or will never get one.</summary>
internal sealed class PendingReceive : TaskCompletionSource<Message>
{
    public PendingReceive() : base(TaskCreationOptions.RunContinuationsAsynchronously) => Node = new LinkedListNode<PendingReceive>(this);

    public LinkedListNode<PendingReceive> Node { get; }

    public CancellationTokenRegistration Cancellation { get; set; }
}
