namespace ZmqLoop.Streams;

/// <summary>Messages that were larger than their receiver allows, and were read and thrown away: counted, and told in the log, at once and
/// then once a minute at most. Loop's thread, but for <see cref="Count"/>.</summary>
/// <param name="socket">Where they come from.</param>
/// <param name="owner">Of the socket.</param>
/// <param name="loop">The loop.</param>
/// <param name="count">Counts them elsewhere, too.</param>
internal sealed class DroppedMessages(ZMQSocket socket, object owner, IOLoop loop, Action? count = null)
{
    private readonly LogLimit _limit = new(loop.TimeProvider);
    private long _count;

    /// <summary>How many there were. Any thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>After a receive that brought no message: looks whether one was thrown away.</summary>
    public bool TryTell()
    {
        if (!socket.TryTakeDropped(out DroppedMessage dropped)) return false;
        if (Add(out long untold)) StreamReports.Oversized(loop.Logger, owner, dropped, untold);
        return true;
    }

    /// <summary>A subscription came that is too long to be passed on, and was dropped.</summary>
    public void TellLongSubscription(Message message)
    {
        if (Add(out long untold)) StreamReports.LongSubscription(loop.Logger, owner, Describe(message), untold);
    }

    /// <summary>A message of several frames came, some of which would have been subscriptions, and was dropped.</summary>
    public void TellHiddenSubscriptions(Message message)
    {
        if (Add(out long untold)) StreamReports.HiddenSubscriptions(loop.Logger, owner, Describe(message), untold);
    }

    private static DroppedMessage Describe(Message message)
    {
        _ = message[0].TryGetProperty("Peer-Address", out string? peer);
        return new DroppedMessage(message.Count, message.Size, peer);
    }

    private bool Add(out long untold)
    {
        Volatile.Write(ref _count, _count + 1);
        count?.Invoke();
        return _limit.Add(out untold);
    }
}
