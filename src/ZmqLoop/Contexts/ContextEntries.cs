using System.Diagnostics.CodeAnalysis;
using System.Buffers;
using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>The contexts that one call or batch enters, in an array on the stack, where storing a reference costs no write barrier; the
/// few chains that are deeper rent an array.</summary>
internal ref struct ContextEntries
{
    private InlineEntries _inline;
    private ContextEntry[]? _rented;
    private int _count;

    /// <summary>Puts in the contexts of a chain; those that were here before have been exited.</summary>
    public void Fill(ContextNode innermost)
    {
        _count = innermost.Depth;
        if (_count > (_rented?.Length ?? InlineEntries.Length))
        {
            Free();
            _rented = ArrayPool<ContextEntry>.Shared.Rent(_count);
        }

        ContextEntry.Fill(Entries, innermost);
    }

    [UnscopedRef]
    public Span<ContextEntry> Entries => _rented is null ? ((Span<ContextEntry>)_inline)[.._count] : _rented.AsSpan(0, _count);

    public void Free()
    {
        if (_rented is null) return;
        ArrayPool<ContextEntry>.Shared.Return(_rented, clearArray: true);
        _rented = null;
    }

    [InlineArray(Length)]
    private struct InlineEntries
    {
        public const int Length = 12;
        private ContextEntry _first;
    }
}
