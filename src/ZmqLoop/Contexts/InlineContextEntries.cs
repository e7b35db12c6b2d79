using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>Room for the entries of most calls.</summary>
[InlineArray(Length)]
internal struct InlineContextEntries
{
    public const int Length = 4;
    private ContextEntry _first;
}
