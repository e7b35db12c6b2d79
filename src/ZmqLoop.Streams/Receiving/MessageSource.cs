using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>Where a stream's messages come from: the socket. Each is told here what it knows of itself: where its envelope ends, and on a
/// REP which request it is. Loop's thread.</summary>
internal sealed class MessageSource(ZMQSocket socket, Lockstep lockstep, ZMQStreamOptions options)
{
    private readonly EnvelopeFormat? _format = options.EnvelopeFormat;
    private readonly bool _tells = lockstep.IsOn || options.EnvelopeFormat is not null;

    /// <summary>The next message, whose frames are owned.</summary>
    public bool TryReceive([NotNullWhen(true)] out Message? message)
    {
        if (!socket.TryReceive(out message)) return false;
        if (_tells) Tell(message);
        return true;
    }

    /// <summary>The next message, without a copy; null where none waits.</summary>
    public Message? TryReceive(BorrowedMessages borrowed, bool shared)
    {
        Message? message = borrowed.TryReceive(socket, shared);
        if (_tells && message is not null) Tell(message);
        return message;
    }

    private void Tell(Message message)
    {
        if (_format is not null) message.EnvelopeFormat = _format;
        lockstep.Received(message);
    }
}
