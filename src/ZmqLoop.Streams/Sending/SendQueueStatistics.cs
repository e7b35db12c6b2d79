namespace ZmqLoop.Streams;

/// <summary>How full a send queue was at most, and how many messages it dropped, and why. Written under the queue's lock, read on any
/// thread.</summary>
internal sealed class SendQueueStatistics
{
    private long[]? _dropped; // by reason, where any was
    private int _most;

    /// <summary>As many as ever waited.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>All that were dropped.</summary>
    public long Dropped
    {
        get
        {
            if (Volatile.Read(ref _dropped) is not { } dropped) return 0;
            long sum = 0;
            for (int i = 0; i < dropped.Length; i++) sum += Volatile.Read(ref dropped[i]);
            return sum;
        }
    }

    /// <summary>Those that were dropped for one reason.</summary>
    public long DroppedFor(NotSentReason reason) =>
        Volatile.Read(ref _dropped) is { } dropped ? Volatile.Read(ref dropped[(int)reason]) : 0;

    public void NoteLength(int count)
    {
        if (count > _most) Volatile.Write(ref _most, count);
    }

    public void AddDropped(NotSentReason reason)
    {
        if (_dropped is null) Volatile.Write(ref _dropped, new long[Enum.GetValues<NotSentReason>().Length]);
        Volatile.Write(ref _dropped[(int)reason], _dropped[(int)reason] + 1);
    }
}
