using System.Runtime.InteropServices;

namespace ZmqLoop;

/// <summary>What other threads have posted to a loop, until it takes it over. Any thread. An object of its own, for what each post writes
/// shall not lie in a cache line that the loop's thread reads for each callback.</summary>
internal sealed class PostQueue
{
    private readonly Lock _gate = new();
    private CallbackRing _ring = new();
    private State _state;

    /// <summary>How many they are at this moment.</summary>
    public int Count => Volatile.Read(ref _state.Count);

    /// <summary>False once closed.</summary>
    public bool Add(in WorkItem item)
    {
        lock (_gate)
        {
            if (_state.IsClosed) return false;
            _ring.Add(item);
            _state.Count = _ring.Count;
            return true;
        }
    }

    /// <summary>Adds an action that captured nothing. False once closed.</summary>
    public bool AddPlain(Action action)
    {
        lock (_gate)
        {
            if (_state.IsClosed) return false;
            _ring.AddPlain(action);
            _state.Count = _ring.Count;
            return true;
        }
    }

    /// <summary>Whether there are any, under the lock that posting takes: a post that this does not see comes after it, and so sees what
    /// the loop wrote before.</summary>
    public bool Any()
    {
        lock (_gate) return _state.Count != 0;
    }

    /// <summary>Gives all of them away.</summary>
    /// <param name="empty">Takes what comes next.</param>
    public CallbackRing ExchangeFor(CallbackRing empty)
    {
        lock (_gate)
        {
            CallbackRing ring = _ring;
            _ring = empty;
            _state.Count = 0;
            return ring;
        }
    }

    /// <summary>Takes no more.</summary>
    public void Close()
    {
        lock (_gate) _state.IsClosed = true;
    }

    /// <summary>As <see cref="CallbackRing"/>'s, alone in its cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct State
    {
        [FieldOffset(64)] public int Count;
        [FieldOffset(68)] public bool IsClosed;
    }
}
