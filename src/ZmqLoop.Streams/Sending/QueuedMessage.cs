using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>A message in a <see cref="SendQueue"/>, which pools these objects. The queue's lock guards what links them.</summary>
internal sealed class QueuedMessage
{
    private Message? _message;

    [AllowNull]
    public Message Message
    {
        get => _message ??= new Message();
        set => _message = value;
    }

    public SendTicket? Ticket { get; set; }

    /// <summary>In bytes.</summary>
    public long Size { get; set; }

    public QueuedMessage? Previous { get; set; }

    public QueuedMessage? Next { get; set; }

    public bool IsQueued { get; set; }

    /// <summary>Is being sent.</summary>
    public bool IsInHand { get; set; }

    /// <summary>The messages for its peer, where it is in there.</summary>
    public PeerQueue? PeerQueue { get; set; }

    public QueuedMessage? PreviousOfPeer { get; set; }

    public QueuedMessage? NextOfPeer { get; set; }

    /// <summary>Why the queue dropped it.</summary>
    public NotSentReason DropReason { get; set; }
}
