namespace ZmqLoop.Chaos.Order;

/// <summary>Numbered messages of several senders: which are missing, which came twice, and which too late.</summary>
internal sealed class SequenceCheck(int senders)
{
    private readonly long[] _next = new long[senders];
    private readonly HashSet<(int Sender, long Number)> _missing = [];
    private long _received;

    /// <summary>How many came. Any thread.</summary>
    public long Received => Interlocked.Read(ref _received);

    public long Doubled { get; private set; }

    public long Reordered { get; private set; }

    /// <summary>How many of those that were sent never came.</summary>
    public long Lost(int sender, long sent) => sent - _next[sender] + _missing.Count(one => one.Sender == sender);

    public void Receive(int sender, long number)
    {
        long next = _next[sender];
        if (number == next)
        {
            _next[sender] = number + 1;
        }
        else if (number > next)
        {
            for (long i = next; i < number && _missing.Count < 1_000_000; i++) _missing.Add((sender, i));
            _next[sender] = number + 1;
        }
        else if (_missing.Remove((sender, number)))
        {
            Reordered++;
        }
        else
        {
            Doubled++;
        }

        Volatile.Write(ref _received, _received + 1);
    }

    /// <summary>Writes it down.</summary>
    public void Conclude(Outcome result, IReadOnlyList<long> sent)
    {
        for (int i = 0; i < sent.Count; i++) result.Lost += Lost(i, sent[i]);
        result.Doubled += Doubled;
        result.Reordered += Reordered;
        result.Count += Received;
    }
}
