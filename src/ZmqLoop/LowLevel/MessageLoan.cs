namespace ZmqLoop.LowLevel;

/// <summary>For builders of streams: shows a message of the stream's to a callback on this thread, and lets go of its memory at the end.
/// A message that was kept meanwhile belongs to whoever kept it, and one without borrowed frames to whoever has it.</summary>
public readonly ref struct MessageLoan : IDisposable
{
    private readonly Message _message;
    private readonly List<FrameBuffer>? _lent;

    /// <summary>This thread looks at the memory itself until the loan is disposed of.</summary>
    public MessageLoan(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _message = message;
        _lent = message.BorrowFrames();
    }

    /// <summary>Ends the loan: what was not kept is over.</summary>
    public void Dispose()
    {
        if (_lent is null) return;
        Message.ReturnFrames(_lent);
        if (!_message.IsKept) _message.Expire();
    }
}
