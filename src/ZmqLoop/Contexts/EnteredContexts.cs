using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

/// <summary>The contexts that wrapped calls have entered on a thread, those of calls inside calls on top.</summary>
internal sealed class EnteredContexts
{
    private Entry[] _entries = new Entry[16];
    private int _count;

    /// <summary>An entry; a reference is good only until somebody else's code has run.</summary>
    [SuppressMessage("Design", "CA1043", Justification = "A place in the stack.")]
    public ref Entry this[int index] => ref _entries[index];

    /// <summary>Makes room for a chain, outermost first.</summary>
    /// <returns>Where it begins.</returns>
    public int Push(ContextNode innermost)
    {
        int bottom = _count;
        _count += innermost.Depth;
        if (_count > _entries.Length) Array.Resize(ref _entries, Math.Max(_count, _entries.Length * 2));
        for (ContextNode? node = innermost; node is not null; node = node.Parent) _entries[bottom + node.Depth - 1].Node = node;
        return bottom;
    }

    public void Pop(int bottom)
    {
        Array.Clear(_entries, bottom, _count - bottom);
        _count = bottom;
    }

    public struct Entry
    {
        public ContextNode Node;
        public object? Instance;

        /// <summary>What flowed outside and inside of the context, where it changed that; else null.</summary>
        public ExecutionContext? FlowBefore;
        public ExecutionContext? FlowInside;
    }
}
