namespace ZmqLoop;

/// <summary>Pending timers, earliest first; equal deadlines in the order in which they were added. Loop's thread, but for the counts and
/// <see cref="IsPending"/>, which any thread may read: it may be told what was true a moment ago.</summary>
/// <remarks>
/// A 4-ary heap of (deadline, order, slot). A cancelled timer frees its slot and its callback at once, and leaves a dead entry in the heap,
/// which is cleared of dead entries when they are more than the others: nearly all timers are timeouts that are cancelled, and so a
/// cancellation neither searches the heap nor makes each move in it write to a slot. The order is the slot's version, too: by it an old
/// handle, or a dead entry, is told from the timer that has its slot now. The heap shrinks again.
/// </remarks>
/// <param name="loop">Whose it is; null for nobody's.</param>
internal sealed class TimerQueue(ILoopThread? loop = null)
{
    private const int Arity = 4;
    private const int MinSize = 16;
    private const int MinShrunk = 1_024; // smaller ones are not worth the trouble
    private const int FewDead = 32;

    private Entry[] _heap = new Entry[MinSize];
    private readonly TimerSlots _slots = new();
    private int _heapCount;
    private long _order;
    private readonly Queue<(int Slot, int Version)> _due = new();

    /// <summary>How many timers wait, those taken out as due not counted.</summary>
    public int Count { get; private set; }

    /// <summary>For how many timers there is room.</summary>
    public int Capacity => Math.Max(_heap.Length, _slots.Capacity);

    /// <summary>The earliest deadline.</summary>
    public long NextDeadline => _heap[0].Deadline;

    public (int Slot, int Version) Add(long deadline, in WorkItem work)
    {
        ThreadAffinity.Check(loop);
        if ((int)++_order == 0) _order++; // 0 is the version of a free slot
        int slot = _slots.Add((int)_order, work);
        if (_heapCount == _heap.Length) Array.Resize(ref _heap, _heapCount * 2);
        Up(_heapCount++, new Entry(deadline, _order, slot));
        Count++;
        return (slot, (int)_order);
    }

    /// <summary>Cancels a timer, also one that was taken out as due. False if it ran or was cancelled already.</summary>
    public bool Remove(int slot, int version, out WorkItem work)
    {
        ThreadAffinity.Check(loop);
        if (!IsPending(slot, version))
        {
            work = default;
            return false;
        }

        work = _slots[slot];
        bool wasDue = _slots.IsDue(slot);
        _slots.Remove(slot);
        if (wasDue) return true;
        Count--;
        if (_heapCount - Count > Count + FewDead) Bury();
        else DropDeadTops();
        return true;
    }

    /// <summary>True if the timer has neither run nor been cancelled.</summary>
    public bool IsPending(int slot, int version) => _slots.Has(slot, version);

    /// <summary>Takes out what is due by now, earliest first; run it with <see cref="TryTakeDue"/>. What an earlier turn left comes
    /// first.</summary>
    public void CollectDue(long now)
    {
        ThreadAffinity.Check(loop);
        while (Count > 0 && _heap[0].Deadline <= now)
        {
            Entry due = _heap[0];
            _slots.IsDue(due.Slot) = true;
            _due.Enqueue((due.Slot, due.Version));
            Count--;
            DropTop();
            DropDeadTops();
        }

        if (_heapCount < _heap.Length / 4) ShrinkHeap();
    }

    /// <summary>The next due timer that was not cancelled meanwhile.</summary>
    public bool TryTakeDue(out WorkItem work)
    {
        ThreadAffinity.Check(loop);
        while (_due.TryDequeue(out (int Slot, int Version) due))
        {
            if (!IsPending(due.Slot, due.Version)) continue;
            work = _slots[due.Slot];
            _slots.Remove(due.Slot);
            return true;
        }

        if (_due.Capacity > MinShrunk) _due.TrimExcess();
        work = default;
        return false;
    }

    /// <summary>Timers taken out as due that have not run: an exception that left the loop may leave some.</summary>
    public bool HasDue => _due.Count > 0;

    /// <summary>Drops all timers.</summary>
    public void Clear()
    {
        ThreadAffinity.Check(loop);
        for (int i = 0; i < _heapCount; i++)
        {
            if (IsDead(_heap[i])) continue;
            WorkItem work = _slots[_heap[i].Slot];
            _slots.Remove(_heap[i].Slot);
            work.Drop();
        }

        _heap = new Entry[1];
        _heapCount = 0;
        Count = 0;
        while (TryTakeDue(out WorkItem due)) due.Drop();
    }

    private bool IsDead(in Entry entry) => !IsPending(entry.Slot, entry.Version);

    /// <summary>Keeps what <see cref="NextDeadline"/> relies on: the first entry is one of a pending timer.</summary>
    private void DropDeadTops()
    {
        while (_heapCount > 0 && IsDead(_heap[0])) DropTop();
    }

    private void DropTop()
    {
        Entry last = _heap[--_heapCount];
        if (_heapCount > 0) Down(0, last);
    }

    /// <summary>Clears the heap of dead entries: amortized over the timers added since the last time, constant for each.</summary>
    private void Bury()
    {
        int living = 0;
        for (int i = 0; i < _heapCount; i++)
        {
            if (!IsDead(_heap[i])) _heap[living++] = _heap[i];
        }

        _heapCount = living;
        for (int i = (living - 2) / Arity; i >= 0 && living > 1; i--) Down(i, _heap[i]);
        if (_heapCount < _heap.Length / 4) ShrinkHeap();
    }

    private void ShrinkHeap()
    {
        if (_heap.Length <= MinShrunk) return;
        Array.Resize(ref _heap, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(MinSize, _heapCount * 2)));
    }

    private void Up(int index, Entry entry)
    {
        while (index > 0)
        {
            int parent = (index - 1) / Arity;
            if (!entry.IsBefore(_heap[parent])) break;
            _heap[index] = _heap[parent];
            index = parent;
        }

        _heap[index] = entry;
    }

    private void Down(int index, Entry entry)
    {
        while (true)
        {
            int first = index * Arity + 1;
            if (first >= _heapCount) break;
            int smallest = first;
            int end = Math.Min(first + Arity, _heapCount);
            for (int child = first + 1; child < end; child++)
            {
                if (_heap[child].IsBefore(_heap[smallest])) smallest = child;
            }

            if (!_heap[smallest].IsBefore(entry)) break;
            _heap[index] = _heap[smallest];
            index = smallest;
        }

        _heap[index] = entry;
    }

    private readonly struct Entry(long deadline, long order, int slot)
    {
        public readonly long Deadline = deadline;
        public readonly int Slot = slot;
        private readonly long _order = order;

        public int Version => (int)_order;

        public bool IsBefore(in Entry other) =>
            Deadline < other.Deadline || (Deadline == other.Deadline && _order < other._order);
    }
}
