using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.Streams;

/// <summary>One way through a <see cref="ZMQProxy"/>: takes whole messages from one socket and gives them to another, and takes none for
/// which there is no room.</summary>
internal sealed class ProxyRoute : IDisposable
{
    private readonly bool _sameSocket;
    private readonly bool _swapsPeers;
    private readonly Lockstep _lockstep;
    private readonly DroppedMessages _dropped;
    private Message _message = new();

    public ProxyRoute(ZMQSocket source, ZMQSocket target, Frame? prefix, DroppedMessages dropped, ProxyMeter meter)
    {
        Meter = meter;
        _dropped = dropped;
        Source = source;
        Target = target;
        Prefix = prefix;
        _sameSocket = ReferenceEquals(source, target);
        _swapsPeers = !_sameSocket && source.Type == SocketType.Router && target.Type == SocketType.Router;
        _lockstep = new Lockstep(source);
    }

    public ProxyMeter Meter { get; }

    public ZMQSocket Source { get; }

    public ZMQSocket Target { get; }

    /// <summary>What the capture socket gets before each message of this way.</summary>
    public Frame? Prefix { get; }

    /// <summary>What keeps this way from going on, other than that there is nothing to take.</summary>
    public SendObstacle Obstacle { get; set; }

    /// <summary>True while a message was taken and not given yet: its target said that it had room, and had none for this one.</summary>
    public bool HasMessage { get; private set; }

    public Message Message => _message;

    /// <summary>How many were too large. Any thread.</summary>
    public long DroppedMessages => _dropped.Count;

    public long Messages { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Takes a message, where there is one and there is room for it; notes in <see cref="Obstacle"/> that there is none.</summary>
    /// <exception cref="InvalidOperationException">The message cannot be forwarded; it was dropped.</exception>
    public bool TryTake()
    {
        // A socket that gets back what it gave has room for it only then.
        if (!_sameSocket && !CanSend)
        {
            Obstacle = SendObstacle.NoRoom;
            return false;
        }

        Obstacle = SendObstacle.None;
        if (!_lockstep.MayReceive) return false;
        HasMessage = _swapsPeers ? TryReceiveSwapped() : Source.TryReceive(_message);
        if (!HasMessage && _dropped.TryTell()) AfterDrop();
        if (HasMessage && Target.Type == SocketType.XSub) DropHostileSubscriptions();
        return HasMessage;
    }

    /// <summary>A REP must answer before it gets another request, and nobody else will answer what was dropped.</summary>
    private void AfterDrop()
    {
        if (Source.Type == SocketType.Rep && _lockstep.MaySend) Source.TrySend(new Message(""));
    }

    /// <summary>A stranger may send an XPUB a subscription that no XSUB can pass on, or hide some in a message of several
    /// frames.</summary>
    private void DropHostileSubscriptions()
    {
        if (Target.RefusesSubscriptions(_message.Frames)) _dropped.TellLongSubscription(_message);
        else if (Target.FindsHiddenSubscriptions(_message.Frames)) _dropped.TellHiddenSubscriptions(_message);
        else return;
        _message.Clear();
        HasMessage = false;
    }

    /// <summary>Gives the message that was taken; notes in <see cref="Obstacle"/> why it could not.</summary>
    /// <exception cref="ZMQException">The target refuses the message.</exception>
    public bool TryGive()
    {
        Obstacle = Target.Offer(_message);
        if (Obstacle != SendObstacle.None) return false;
        HasMessage = false;
        Messages++;
        Bytes += _message.Size;
        return true;
    }

    /// <summary>Takes the message out, so that it can be reported.</summary>
    public Message Remove()
    {
        Message removed = _message;
        _message = new Message();
        HasMessage = false;
        Obstacle = SendObstacle.None;
        return removed;
    }

    /// <summary>Gives the memory of the last message back.</summary>
    public void Dispose() => _message.Dispose();

    private bool CanSend => (Target.Events & IOEvents.Write) != 0;

    /// <summary>Between two ROUTERs the first frame names the peer that sent, and the second the one to send to: the other side needs them
    /// the other way round.</summary>
    private bool TryReceiveSwapped()
    {
        if (!Source.TryReceive(out Message? received)) return false;
        if (received.Count < 2) ThrowWithoutPeer(received);
        _message = new Message(received[1], received[0]);
        foreach (Frame frame in received.Frames[2..]) _message.Append(frame);
        return true;
    }

    [DoesNotReturn]
    private static void ThrowWithoutPeer(Message message) => throw new InvalidOperationException(
        "Between two ROUTER sockets a message needs the name of the peer that it is for as its first frame; "
        + $"this one was dropped: {message}.");
}
