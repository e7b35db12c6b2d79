namespace ZmqLoop;

/// <summary>Pending timers, earliest first; equal deadlines in the order in which they were added. Loop's thread.</summary>
/// <remarks>
/// A 4-ary heap of (deadline, order, slot); the slots know their place in the heap, so that a cancelled timer leaves it at once and frees its callback.
/// Slots are reused, with a version, so that an old handle cannot cancel a stranger.
/// </remarks>
internal sealed class TimerQueue
{
    private const int Arity = 4;
    private const int Free = -1;
    private const int Due = -2;

    private Entry[] _heap = new Entry[16];
    private Slot[] _slots = new Slot[16];
    private int _slotCount;
    private int _firstFree = Free;
    private long _order;
    private readonly Queue<(int Slot, int Version)> _due = new();

    /// <summary>How many timers wait, those taken out as due not counted.</summary>
    public int Count { get; private set; }

    /// <summary>The earliest deadline.</summary>
    public long NextDeadline => _heap[0].Deadline;

    public (int Slot, int Version) Add(long deadline, in WorkItem work)
    {
        int slot = TakeSlot();
        _slots[slot].Work = work;
        if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
        Up(Count++, new Entry(deadline, _order++, slot));
        return (slot, _slots[slot].Version);
    }

    /// <summary>Cancels a timer, also one that was taken out as due. False if it ran or was cancelled already.</summary>
    public bool Remove(int slot, int version, out WorkItem work)
    {
        if (!IsPending(slot, version))
        {
            work = default;
            return false;
        }

        work = _slots[slot].Work;
        int index = _slots[slot].Index;
        ReleaseSlot(slot);
        if (index == Due) return true;
        Entry last = _heap[--Count];
        if (index == Count) return true;
        if (index > 0 && last.IsBefore(_heap[(index - 1) / Arity])) Up(index, last);
        else Down(index, last);
        return true;
    }

    /// <summary>True if the timer has neither run nor been cancelled.</summary>
    public bool IsPending(int slot, int version) => slot < _slotCount && _slots[slot].Version == version;

    /// <summary>Takes out what is due by now, earliest first; run it with <see cref="TryTakeDue"/>. What an earlier turn left comes first.</summary>
    public void CollectDue(long now)
    {
        while (Count > 0 && _heap[0].Deadline <= now)
        {
            int slot = _heap[0].Slot;
            _slots[slot].Index = Due;
            _due.Enqueue((slot, _slots[slot].Version));
            Entry last = _heap[--Count];
            if (Count > 0) Down(0, last);
        }
    }

    /// <summary>The next due timer that was not cancelled meanwhile.</summary>
    public bool TryTakeDue(out WorkItem work)
    {
        while (_due.TryDequeue(out (int Slot, int Version) due))
        {
            if (_slots[due.Slot].Version != due.Version) continue;
            work = _slots[due.Slot].Work;
            ReleaseSlot(due.Slot);
            return true;
        }

        work = default;
        return false;
    }

    /// <summary>Timers taken out as due that have not run: an exception that left the loop may leave some.</summary>
    public bool HasDue => _due.Count > 0;

    /// <summary>Drops all timers.</summary>
    public void Clear()
    {
        for (int i = 0; i < Count; i++) _slots[_heap[i].Slot].Work.Release();
        while (TryTakeDue(out WorkItem due)) due.Release();
        _heap = new Entry[1];
        _slots = new Slot[1];
        _due.Clear();
        _slotCount = 0;
        _firstFree = Free;
        Count = 0;
    }

    private int TakeSlot()
    {
        if (_firstFree != Free)
        {
            int slot = _firstFree;
            _firstFree = _slots[slot].NextFree;
            return slot;
        }

        if (_slotCount == _slots.Length) Array.Resize(ref _slots, _slotCount * 2);
        return _slotCount++;
    }

    private void ReleaseSlot(int slot)
    {
        ref Slot released = ref _slots[slot];
        released.Work = default;
        released.Version++;
        released.Index = Free;
        released.NextFree = _firstFree;
        _firstFree = slot;
    }

    private void Up(int index, Entry entry)
    {
        while (index > 0)
        {
            int parent = (index - 1) / Arity;
            if (!entry.IsBefore(_heap[parent])) break;
            Place(index, _heap[parent]);
            index = parent;
        }

        Place(index, entry);
    }

    private void Down(int index, Entry entry)
    {
        while (true)
        {
            int first = index * Arity + 1;
            if (first >= Count) break;
            int smallest = first;
            int end = Math.Min(first + Arity, Count);
            for (int child = first + 1; child < end; child++)
            {
                if (_heap[child].IsBefore(_heap[smallest])) smallest = child;
            }

            if (!_heap[smallest].IsBefore(entry)) break;
            Place(index, _heap[smallest]);
            index = smallest;
        }

        Place(index, entry);
    }

    private void Place(int index, in Entry entry)
    {
        _heap[index] = entry;
        _slots[entry.Slot].Index = index;
    }

    private readonly struct Entry(long deadline, long order, int slot)
    {
        public readonly long Deadline = deadline;
        public readonly int Slot = slot;
        private readonly long _order = order;

        public bool IsBefore(in Entry other) =>
            Deadline < other.Deadline || (Deadline == other.Deadline && _order < other._order);
    }

    private struct Slot
    {
        public WorkItem Work;
        public int Version;
        public int Index;
        public int NextFree;
    }
}
