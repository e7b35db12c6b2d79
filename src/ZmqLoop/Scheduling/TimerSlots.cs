using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

/// <summary>
/// The callbacks of timers, each in a slot with a version, by which a handle is told from one of an earlier timer in the same slot. The
/// slots lie in pages: growing moves nothing, and a page without a used slot is freed.
/// </summary>
internal sealed class TimerSlots
{
    private const int PageBits = 9;
    private const int PageSize = 1 << PageBits;

    private Page?[] _pages = new Page?[1];
    private Page? _open; // the first of those with a free slot

    /// <summary>For how many timers there is room.</summary>
    public int Capacity { get; private set; }

    /// <param name="version">Not 0.</param>
    /// <param name="work">What to keep.</param>
    /// <returns>Its slot.</returns>
    public int Add(int version, in WorkItem work)
    {
        Page page = _open ?? AddPage();
        int index = page.Take(version, work);
        if (page.Used == PageSize) Unlink(page);
        return (page.Number << PageBits) | index;
    }

    /// <summary>True while the slot has that version.</summary>
    public bool Has(int slot, int version) =>
        version != 0 && TryFind(slot, out Page? page) && page.States[slot & (PageSize - 1)].Version == version;

    /// <summary>Whether the timer was taken out as due, and has not run yet.</summary>
    public ref bool IsDue(int slot) => ref _pages[slot >> PageBits]!.States[slot & (PageSize - 1)].IsDue;

    public ref readonly WorkItem this[int slot] => ref _pages[slot >> PageBits]!.Works[slot & (PageSize - 1)];

    /// <summary>Frees a slot that is in use.</summary>
    public void Remove(int slot)
    {
        Page page = _pages[slot >> PageBits]!;
        if (page.Used == PageSize) Link(page);
        page.Release(slot & (PageSize - 1));
        if (page.Used == 0 && page.HasNeighbour) DropPage(page);
    }

    private bool TryFind(int slot, [NotNullWhen(true)] out Page? page)
    {
        int number = slot >> PageBits;
        page = (uint)number < (uint)_pages.Length ? _pages[number] : null;
        return page is not null;
    }

    private Page AddPage()
    {
        int number = Capacity == _pages.Length << PageBits ? _pages.Length : Array.IndexOf(_pages, null);
        if (number == _pages.Length) Array.Resize(ref _pages, number * 2);
        var page = new Page(number);
        _pages[number] = page;
        Capacity += PageSize;
        Link(page);
        return page;
    }

    private void DropPage(Page page)
    {
        Unlink(page);
        _pages[page.Number] = null;
        Capacity -= PageSize;
    }

    private void Link(Page page)
    {
        page.Next = _open;
        if (_open is not null) _open.Previous = page;
        _open = page;
    }

    private void Unlink(Page page)
    {
        if (page.Previous is null) _open = page.Next;
        else page.Previous.Next = page.Next;
        if (page.Next is not null) page.Next.Previous = page.Previous;
        page.Next = null;
        page.Previous = null;
    }

    private sealed class Page(int number)
    {
        public readonly WorkItem[] Works = new WorkItem[PageSize];
        public readonly SlotState[] States = new SlotState[PageSize];
        private readonly short[] _free = new short[PageSize]; // the first _freeCount are slots that were freed
        private int _freeCount;
        private int _fresh; // the first that was never used

        public int Number => number;

        public int Used { get; private set; }

        public Page? Next { get; set; }

        public Page? Previous { get; set; }

        public bool HasNeighbour => Next is not null || Previous is not null;

        public int Take(int version, in WorkItem work)
        {
            int index = _freeCount > 0 ? _free[--_freeCount] : _fresh++;
            Works[index] = work;
            States[index].Version = version;
            Used++;
            return index;
        }

        public void Release(int index)
        {
            Works[index] = default; // so that what the callback refers to can be collected
            States[index] = default;
            _free[_freeCount++] = (short)index;
            Used--;
        }
    }

    private struct SlotState
    {
        public int Version; // of a free slot 0
        public bool IsDue;
    }
}
