namespace ZmqLoop.Streams;

/// <summary>How full a send queue was at most, and how many messages it dropped, and why. Written under the queue's lock, read on any
/// thread.</summary>
internal sealed class SendQueueStatistics
{
    private readonly long[] _dropped = new long[Enum.GetValues<NotSentReason>().Length];
    private int _most;

    /// <summary>As many as ever waited.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>All that were dropped.</summary>
    public long Dropped
    {
        get
        {
            long sum = 0;
            for (int i = 0; i < _dropped.Length; i++) sum += Volatile.Read(ref _dropped[i]);
            return sum;
        }
    }

    /// <summary>Those that were dropped for one reason.</summary>
    public long DroppedFor(NotSentReason reason) => Volatile.Read(ref _dropped[(int)reason]);

    public void NoteLength(int count)
    {
        if (count > _most) Volatile.Write(ref _most, count);
    }

    public void AddDropped(NotSentReason reason) => Volatile.Write(ref _dropped[(int)reason], _dropped[(int)reason] + 1);
}
