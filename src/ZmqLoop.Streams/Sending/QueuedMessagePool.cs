namespace ZmqLoop.Streams;

/// <summary>Objects of messages that have left the queue, for the next ones. The queue's lock guards it.</summary>
internal sealed class QueuedMessagePool
{
    private const int Limit = 1024;

    private QueuedMessage? _first; // linked by Next
    private int _count;

    public QueuedMessage? Take()
    {
        if (_first is not { } taken) return null;
        _first = taken.Next;
        taken.Next = null;
        _count--;
        return taken;
    }

    /// <summary>Takes in a run that is linked already.</summary>
    public void Give(QueuedMessage first, QueuedMessage last, int count)
    {
        if (_count >= Limit) return;
        last.Next = _first;
        _first = first;
        _count += count;
    }

    public void Clear()
    {
        _first = null;
        _count = 0;
    }
}
