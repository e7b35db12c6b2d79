namespace ZmqLoop.Polling;

/// <summary>Registrations by number, for the 64 bits that the kernel hands back with an event.</summary>
internal sealed class Slots
{
    private readonly Stack<int> _free = [];
    private Registration?[] _slots = new Registration?[16];
    private int _used;
    private uint _generation;

    /// <summary>Slot and generation in one number, which is never 0.</summary>
    public static ulong Data(Registration registration) => ((ulong)registration.Generation << 32) | (uint)registration.Slot;

    public void Add(Registration registration)
    {
        if (!_free.TryPop(out int slot))
        {
            slot = _used++;
            if (slot == _slots.Length) Array.Resize(ref _slots, slot * 2);
        }

        if (++_generation == 0) _generation = 1;
        registration.Slot = slot;
        registration.Generation = _generation;
        _slots[slot] = registration;
    }

    public void Remove(Registration registration)
    {
        _slots[registration.Slot] = null;
        _free.Push(registration.Slot);
    }

    /// <summary>The registration that the number was made for, or null where it is gone.</summary>
    public Registration? Find(ulong data)
    {
        Registration? registration = _slots[(int)(uint)data];
        return registration?.Generation == (uint)(data >> 32) ? registration : null;
    }
}
