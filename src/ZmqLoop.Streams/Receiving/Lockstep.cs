namespace ZmqLoop.Streams;

/// <summary>
/// Whose turn it is on a REQ or REP socket: one message in, one out. What is out of turn they refuse, which is mostly a wait; this knows
/// where the wait has no end. Every other socket may do both at any time. Loop's thread, but where it says otherwise.
/// </summary>
internal sealed class Lockstep(ZMQSocket socket)
{
    private const int Errno = 156384763; // EFSM, as ZeroMQ numbers it

    // What became of a REQ's last request.
    private const int None = 0; // answered, or there was none
    private const int Asked = 1;
    private const int GivenUp = 2; // nobody waits for the answer any more
    private const int AskedAnew = 3; // another request came after that, which would take the answer to the first for its own
    private const int Refused = 4; // and was refused

    private static long _numbers; // of all streams, so that none takes another's request for its own

    private readonly bool _isReq = socket.Type == SocketType.Req;
    private readonly bool _isRep = socket.Type == SocketType.Rep;
    private int _request;
    private long _open; // REP: the request that was received and not answered; 0 for none

    /// <summary>True for REQ and REP.</summary>
    public bool IsOn => _isReq || _isRep;

    public bool IsReq => _isReq;

    /// <summary>True where asking the socket for a message is not out of turn.</summary>
    public bool MayReceive => !IsOn || (socket.Events & IOEvents.Read) != 0;

    /// <summary>True where giving the socket a message is not out of turn.</summary>
    public bool MaySend => !IsOn || (socket.Events & IOEvents.Write) != 0;

    /// <summary>REP: true while this request was received and not answered.</summary>
    public bool OwesAnswer(Message request) => _isRep && request.RequestNumber == _open && MaySend;

    /// <summary>REP: why this message is not sent any more, which answers a request that is not the last one, or was answered; null where
    /// it may be, or names none. Any thread.</summary>
    public ZMQException? RefuseLate(Message answer) =>
        _isRep && answer.RequestNumber is not 0 and var number && number != Volatile.Read(ref _open) ? Late() : null;

    /// <summary>Where <see cref="MaySend"/> says no: why it never will for this message, or null where its turn comes.</summary>
    public ZMQException? Refuse()
    {
        if (_isRep) return NobodyAsked();
        if (Interlocked.CompareExchange(ref _request, Refused, AskedAnew) is AskedAnew or Refused) return Unanswered();
        return null;
    }

    /// <summary>A message was sent.</summary>
    public void Sent()
    {
        if (_isReq) Volatile.Write(ref _request, Asked);
        else if (_isRep) Volatile.Write(ref _open, 0);
    }

    /// <summary>A message was received.</summary>
    public void Received(Message message)
    {
        if (_isReq) Volatile.Write(ref _request, None);
        else if (_isRep) Volatile.Write(ref _open, message.RequestNumber = Interlocked.Increment(ref _numbers));
    }

    /// <summary>A message is about to be queued. Any thread.</summary>
    public void Asks() => Advance(GivenUp, AskedAnew);

    /// <summary>Somebody begins to wait for a message. Any thread.</summary>
    /// <exception cref="ZMQException">None comes that would be the answer to what was asked last.</exception>
    public void Waits()
    {
        if (Volatile.Read(ref _request) == Refused) throw Unanswered();
        Advance(GivenUp, Asked);
    }

    /// <summary>Somebody who waited for a message waits no more. Any thread.</summary>
    public void GivesUp() => Advance(Asked, GivenUp);

    private void Advance(int from, int to)
    {
        if (Volatile.Read(ref _request) == from) Interlocked.CompareExchange(ref _request, to, from);
    }

    private static ZMQException NobodyAsked() => Error(
        "Nobody has asked: a REP socket answers each request once, and this answer, a second or a late one, would go to the next client. "
        + "It was not sent.");

    private static ZMQException Late() => Error(
        "The request that this message answers has been answered already: sent now, it would go to the next client. It was not sent.");

    private static ZMQException Unanswered() => Error(
        "The last request has no answer yet, and nobody waited for it any longer: the answer, should it come, would pass for the "
        + "next one's. Use a new socket for the next request, or set ZMQSocketOptions.ReqRelaxed and ReqCorrelate on this one before it "
        + "connects; ZMQStream.Discard throws away a late answer that has come.");

    private static ZMQException Error(string text) => new(ZMQErrorCode.FiniteStateMachine, Errno, "EFSM", text);
}
