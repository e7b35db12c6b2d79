namespace ZmqLoop.LowLevel;

/// <summary>For builders of streams: messages received without a copy, each lent to a callback until the next one comes. One
/// thread.</summary>
/// <remarks>
/// All go on with the memory of the one before, so that nothing is allocated for a message. A message object that somebody holds on to
/// without <see cref="Message.Keep"/> throws once its callback has
/// returned. Objects come round again after some messages, since nobody can know that none is held; with <paramref name="single"/> each
/// message has an object of its own.
/// </remarks>
/// <param name="single">True to use no object twice, so that one kept too long is found out however late: for debugging.</param>
public sealed class BorrowedMessages(bool single)
{
    private const int Objects = 16;

    private Message?[] _ring = []; // until the first comes, for streams that only send, or idle
    private bool _lent; // the message whose turn it is
    private int _turn;
    private int _used; // messages since the last end, up to all
    private int _thread;

    /// <summary>Receives a message, which is lent to a callback until the next call of this, or of <see cref="End"/>. The one before is
    /// over, if it was not kept.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="shared">True for an async callback: other threads may look at the message from the first moment.</param>
    /// <returns>Null where none waits.</returns>
    /// <exception cref="ZMQException">As of <see cref="ZMQSocket.TryReceive(Message)"/>.</exception>
    public Message? TryReceive(ZMQSocket socket, bool shared)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (_lent) EndLoan();
        if (_ring.Length == 0) _ring = new Message?[single ? 1 : Objects];
        if (_used == 0) _thread = Environment.CurrentManagedThreadId;
        int turn = (_turn + 1) & (_ring.Length - 1);
        Message message = _ring[turn] ??= new Message();
        if (single) message = Renew(message);
        message.BeginFilling(_thread);
        if (!socket.TryReceive(message)) // where that throws, the end ends it
        {
            message.EndFilling();
            return null;
        }

        message.BeginLoan(shared);
        (_turn, _lent) = (turn, true);
        if (_used < _ring.Length) _used++;
        return message;
    }

    /// <summary>The callback is async and has not ended: its message is its own until <see cref="TakeBack"/>.</summary>
    public void LetGo()
    {
        if (!_lent) return;
        _lent = false;
        _ring[_turn]!.EndLoanToAsync();
        _ring[_turn] = null;
    }

    /// <summary>An async callback has ended: its message is over, if it was not kept.</summary>
    public void TakeBack(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.IsKept) return;
        message.Expire();
        _ring[_turn] ??= message; // for the next
    }

    /// <summary>The callback has returned, and no message follows now: the engine gets its memory back.</summary>
    public void End()
    {
        if (_ring.Length == 0) return;
        if (_lent) EndLoan();
        _ring[(_turn + 1) & (_ring.Length - 1)]?.EndFilling();
        for (; _used > 0; _used--) _ring[(_turn - _used + 1) & (_ring.Length - 1)]?.Release();
    }

    private void EndLoan()
    {
        _lent = false;
        ref Message? message = ref _ring[_turn];
        if (!message!.EndLoan()) message = null;
    }

    private Message Renew(Message last)
    {
        Message message = new();
        message.TakeOver(last);
        return _ring[0] = message;
    }
}
