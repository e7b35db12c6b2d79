using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>An array of entries on the stack, long enough for most calls.</summary>
[InlineArray(Length)]
internal struct InlineContextEntries
{
    public const int Length = 4;
    private ContextEntry _first;
}
