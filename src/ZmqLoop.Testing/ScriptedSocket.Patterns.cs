using System.Buffers.Binary;

namespace ZmqLoop.Testing;

// What the types of wired sockets do to messages on their way: routing ids, envelopes, turns and subscriptions.
public sealed partial class ScriptedSocket
{
    private static int _made;

    private readonly byte[] _givenId = NewId(); // as a ROUTER calls a peer that has not named itself
    private readonly List<byte[]> _subscriptions = [];
    private bool _inSecondHalf; // a REQ has asked, a REP was asked
    private ScriptedSocket? _asker; // of a REP
    private Frame[] _askersEnvelope = [];

    private byte[] NameToPeers => _strings.GetValueOrDefault(ZMQSocketOptions.RoutingId.Id) is { Length: > 0 } name ? name : _givenId;

    private IOEvents WiredEvents
    {
        get
        {
            IOEvents events = IOEvents.None;
            lock (_inbox)
            {
                if (_inbox.Count > 0 && Receives) events |= IOEvents.Read;
            }

            return Sends && HasSomewhereToSend() ? events | IOEvents.Write : events;
        }
    }

    private bool Receives => Type switch
    {
        SocketType.Push or SocketType.Pub => false,
        SocketType.Req => _inSecondHalf,
        SocketType.Rep => !_inSecondHalf,
        _ => true,
    };

    private bool Sends => Type switch
    {
        SocketType.Pull or SocketType.Sub => false,
        SocketType.Req => !_inSecondHalf,
        SocketType.Rep => _inSecondHalf,
        _ => true,
    };

    private static byte[] NewId()
    {
        byte[] id = new byte[5];
        BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(1), Interlocked.Increment(ref _made));
        return id;
    }

    private static ZMQException CannotDoNow(string what) =>
        new(ZMQErrorCode.FiniteStateMachine, 156384763, "EFSM",
            $"{what} is out of turn: a REQ asks and is answered, a REP is asked and answers.");

    private static ZMQException CannotDo(string what) => new(ZMQErrorCode.NotSupported, 95, "ENOTSUP", $"This socket cannot {what}.");

    private bool HasSomewhereToSend() =>
        Type is SocketType.Router or SocketType.Pub or SocketType.XPub or SocketType.XSub or SocketType.Rep
        || Array.Exists(_peers, HasRoom);

    private bool SendWired(Message message)
    {
        if (!Sends) throw Type is SocketType.Req or SocketType.Rep ? CannotDoNow("Sending") : CannotDo("send");
        switch (Type)
        {
            case SocketType.Router:
                return SendTo(message);
            case SocketType.Pub or SocketType.XPub:
                foreach (ScriptedSocket peer in _peers.Where(peer => HasRoom(peer) && peer.Wants(message[0].Span))) Give(peer, message, []);
                return true;
            case SocketType.XSub when message[0].Span is [0 or 1, ..] command:
                Subscribe(command[0] == 1, command[1..]);
                return true;
            case SocketType.Rep:
                _inSecondHalf = false;
                if (_asker is { } asker && Array.IndexOf(_peers, asker) >= 0 && HasRoom(asker)) Give(asker, message, _askersEnvelope);
                return true; // else nobody waits for it
        }

        if (NextPeer() is not { } next) return false;
        _inSecondHalf = Type == SocketType.Req;
        Give(next, message, Type == SocketType.Req ? [Frame.Empty] : []);
        return true;
    }

    // A ROUTER: the first frame says to whom.
    private bool SendTo(Message message)
    {
        bool isMandatory = _integers.GetValueOrDefault(ZMQSocketOptions.RouterMandatory.Id) != 0;
        if (Array.Find(_peers, peer => peer.NameToPeers.AsSpan().SequenceEqual(message[0].Span)) is not { } addressee)
        {
            return isMandatory ? throw new ZMQException(ZMQErrorCode.HostUnreachable, 113, "EHOSTUNREACH", "There is no such peer.") : true;
        }

        if (!HasRoom(addressee)) return !isMandatory;
        if (message.Count > 1) Give(addressee, message, [], skip: 1);
        return true;
    }

    private void Give(ScriptedSocket peer, Message message, Frame[] envelope, int skip = 0)
    {
        Message copy = new();
        foreach (Frame frame in envelope) copy.Append(frame.ToArray());
        foreach (Frame frame in message.Skip(skip)) copy.Append(frame.ToArray());
        peer.Take(copy, this);
    }

    // As it comes from a peer, to as the application sees it.
    private void Take(Message message, ScriptedSocket from)
    {
        Message seen = message;
        switch (Type)
        {
            case SocketType.Router:
                seen = new Message([NameOf(from), .. message]);
                break;
            case SocketType.Req when _inSecondHalf && message is [{ IsEmpty: true }, _, ..]:
                seen = new Message([.. message.Skip(1)]);
                break;
            case SocketType.Req:
                return; // nobody asked, or it is no answer
            case SocketType.Rep when !message.Any(static frame => frame.IsEmpty):
                return;
        }

        lock (_inbox) _inbox.Enqueue((seen, from));
        Watcher?.Ring();
    }

    private static Frame NameOf(ScriptedSocket peer) => Frame.Own(peer.NameToPeers);

    // What is taken from the inbox, to as the application sees it.
    private Message Open(Message message, ScriptedSocket? from)
    {
        if (!IsWired) return message;
        if (Type == SocketType.Req) _inSecondHalf = false;
        if (Type != SocketType.Rep) return message;
        _inSecondHalf = true;
        _asker = from;
        _askersEnvelope = from is null ? [] : [.. message.Take(message.ToList().FindIndex(static frame => frame.IsEmpty) + 1)];
        return new Message([.. message.Skip(_askersEnvelope.Length)]);
    }

    private void VerifyReceives()
    {
        if (IsWired && !Receives) throw Type is SocketType.Req or SocketType.Rep ? CannotDoNow("Receiving") : CannotDo("receive");
    }

    private bool Wants(ReadOnlySpan<byte> topic)
    {
        lock (_subscriptions)
        {
            foreach (byte[] subscription in _subscriptions)
            {
                if (topic.StartsWith(subscription)) return true;
            }
        }

        return false;
    }

    private void Subscribe(bool isNew, ReadOnlySpan<byte> topic)
    {
        byte[] bytes = topic.ToArray();
        lock (_subscriptions)
        {
            int known = _subscriptions.FindIndex(other => other.SequenceEqual(bytes));
            if (isNew) _subscriptions.Add(bytes);
            else if (known < 0) return;
            else _subscriptions.RemoveAt(known);
        }

        foreach (ScriptedSocket peer in _peers) Tell(peer, isNew, bytes);
    }

    private void TellSubscriptions(ScriptedSocket peer)
    {
        foreach (byte[] topic in _subscriptions.ToArray()) Tell(peer, true, topic);
    }

    // Of whoever publishes, only an XPUB is told.
    private void Tell(ScriptedSocket peer, bool isNew, byte[] topic)
    {
        if (peer.Type == SocketType.XPub) peer.Take(new Message(Frame.Own([(byte)(isNew ? 1 : 0), .. topic])), this);
    }
}
