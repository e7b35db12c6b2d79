using System.Numerics;
using System.Runtime.InteropServices;

namespace ZmqLoop;

/// <summary>Callbacks, first in first out, for one thread at a time. An action that captured nothing, as most have, takes the room of one
/// reference.</summary>
internal sealed class CallbackRing
{
    private readonly Queue<WorkItem> _captured = new();
    private Action?[] _actions = new Action?[64]; // a power of two; null stands for the next of those that captured something
    private State _state;

    public int Count => _state.Count;

    /// <summary>The action that was taken last, until the next is taken or it is set to null: what is running. Read on any thread, where it
    /// may be another one's while this thread goes on.</summary>
    public Action? LastTaken
    {
        get
        {
            Action?[] actions = _actions;
            return actions[(Volatile.Read(ref _state.Head) - 1) & (actions.Length - 1)];
        }
        set => _actions[(_state.Head - 1) & (_actions.Length - 1)] = value; // never one that waits: one is always left free
    }

    public void Add(in WorkItem item)
    {
        Action? plain = item.Plain;
        if (plain is null) _captured.Enqueue(item);
        Append(plain);
    }

    /// <summary>Adds an action that captured nothing.</summary>
    public void AddPlain(Action action) => Append(action);

    /// <summary>Removes the first.</summary>
    public WorkItem Take()
    {
        if (TakePlain() is { } action)
        {
            LastTaken = null;
            return new WorkItem(action, default);
        }

        _state.Head = (_state.Head + 1) & (_actions.Length - 1);
        _state.Count--;
        return _captured.Dequeue();
    }

    /// <summary>Removes the first if it is an action that captured nothing, and keeps it as <see cref="LastTaken"/>; else null. There is a
    /// first.</summary>
    public Action? TakePlain()
    {
        Action?[] actions = _actions;
        int head = _state.Head & (actions.Length - 1);
        actions[(head - 1) & (actions.Length - 1)] = null; // ran before
        if (actions[head] is not { } action) return null;
        _state.Head = (head + 1) & (actions.Length - 1);
        _state.Count--;
        return action;
    }

    /// <summary>Moves all that the other holds to the end of this.</summary>
    public void TakeAll(CallbackRing other)
    {
        if (Count + other.Count >= _actions.Length) Grow(Count + other.Count);
        while (other.Count > 0)
        {
            Action? plain = other.TakePlain();
            if (plain is null) Add(other.Take());
            else Append(plain);
        }

        other.LastTaken = null;
    }

    private void Append(Action? action)
    {
        int count = Count;
        if (count == _actions.Length - 1) Grow(count + 1);
        Action?[] actions = _actions;
        actions[(_state.Head + count) & (actions.Length - 1)] = action;
        _state.Count = count + 1;
    }

    private void Grow(int capacity)
    {
        var actions = new Action?[(int)BitOperations.RoundUpToPowerOf2((uint)capacity + 1)];
        for (int i = 0; i < Count; i++) actions[i] = _actions[(_state.Head + i) & (_actions.Length - 1)];
        actions[^1] = LastTaken;
        _actions = actions;
        _state.Head = 0;
    }

    /// <summary>Where the callbacks lie, alone in its cache lines: one thread takes out of a ring while others add to the next one, and
    /// they would wait for each other's lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct State
    {
        [FieldOffset(64)] public int Head;
        [FieldOffset(68)] public int Count;
    }
}
