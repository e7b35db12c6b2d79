using Microsoft.CodeAnalysis;

namespace ZmqLoop.Analyzers;

/// <summary>What a function (a method, a local one, a lambda) does itself.</summary>
internal sealed class FunctionNode
{
    /// <summary>The calls that block.</summary>
    public List<BlockingCall> Blocking { get; } = [];

    /// <summary>What it calls, and runs as part of itself.</summary>
    public HashSet<IMethodSymbol> Calls { get; } = new(SymbolEqualityComparer.Default);
}
