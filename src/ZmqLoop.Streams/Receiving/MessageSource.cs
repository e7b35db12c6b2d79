using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>Where a stream's messages come from: the socket. Each is told here what it knows of itself: where its envelope ends, on a REP
/// which request it is, and where its sender was in a trace. Loop's thread.</summary>
internal sealed class MessageSource(
    ZMQSocket socket, Lockstep lockstep, DroppedMessages dropped, IReceivingTurn turn, MessageActivities activities,
    ZMQStreamOptions options)
{
    private readonly EnvelopeFormat? _format = options.EnvelopeFormat;
    private readonly bool _tells = lockstep.IsOn || options.EnvelopeFormat is not null || activities.Takes;

    /// <summary>The next message, whose frames are owned.</summary>
    public bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        if (!socket.TryReceive(out message))
        {
            LookForDropped();
            return false;
        }

        if (_tells) Tell(message);
        return true;
    }

    /// <summary>The next message, without a copy; null where none waits.</summary>
    public Message? TryReceive(BorrowedMessages borrowed, bool shared)
    {
        Message? message = borrowed.TryReceive(socket, shared);
        if (message is null) LookForDropped();
        else if (_tells) Tell(message);
        return message;
    }

    /// <summary>Receives a message that nobody wants.</summary>
    public bool TryDiscard(Message discarded)
    {
        if (!socket.TryReceive(discarded))
        {
            LookForDropped();
            return false;
        }

        lockstep.Received(discarded);
        return true;
    }

    /// <summary>No message came: it may be that one was too large.</summary>
    private void LookForDropped()
    {
        if (dropped.TryTell() && lockstep.IsOn) turn.AfterDrop();
    }

    private void Tell(Message message)
    {
        if (activities.Takes) activities.Take(message);
        if (_format is not null) message.EnvelopeFormat = _format;
        lockstep.Received(message);
    }
}
