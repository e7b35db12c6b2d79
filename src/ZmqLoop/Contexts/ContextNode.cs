using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>A link of the immutable chain of contexts. Null is the empty chain. Capturing is reading the thread's innermost node.</summary>
internal sealed class ContextNode
{
    private ContextSynchronizationContext? _synchronizationContext;
    private int _activeAt = -1; // how many contexts were deactivated when the chain from here on had none that was

    /// <summary>The root of a <see cref="NullContext"/> block: a node of its own, so that leaving can be checked, and an empty
    /// chain.</summary>
    public ContextNode()
    {
    }

    public ContextNode(CallbackContext context, ContextNode? parent)
    {
        Context = context;
        Parent = parent is { IsRoot: true } ? null : parent;
        Depth = (Parent?.Depth ?? 0) + 1;
        IsEntered = context.IsEntered;
        HasManagers = IsEntered || Parent is { HasManagers: true };
        Scope = context as IScope ?? Parent?.Scope;
    }

    public CallbackContext? Context { get; }

    public ContextNode? Parent { get; }

    public int Depth { get; }

    /// <summary>True if the context has to be entered and left.</summary>
    public bool IsEntered { get; }

    /// <summary>True if something in the chain has to be entered and left; exception handlers have not.</summary>
    public bool HasManagers { get; }

    /// <summary>The innermost scope, which counts what is stored under this node.</summary>
    public IScope? Scope { get; }

    /// <summary>Where the context was entered, if that is recorded.</summary>
    public StackTrace? EnteredAt { get; init; }

    public bool IsRoot => Context is null;

    /// <summary>The contexts of a chain, outermost first. Any thread.</summary>
    public static IReadOnlyList<CallbackContext> All(ContextNode? node)
    {
        var contexts = new CallbackContext[node?.Depth ?? 0];
        for (; node is { IsRoot: false }; node = node.Parent) contexts[node.Depth - 1] = node.Context!;
        return contexts;
    }

    /// <summary>What an <c>await</c> captures while this node is current on a loop's thread, so that it comes back here.</summary>
    public SynchronizationContext SynchronizationContextFor(IContextHost host)
    {
        // Loops on other threads use the node at the same time, so it is read once.
        ContextSynchronizationContext? last = _synchronizationContext;
        return last is not null && ReferenceEquals(last.Host, host) ? last : CreateSynchronizationContext(host);
    }

    /// <summary>The chain without the contexts that were deactivated: itself where there are none.</summary>
    public ContextNode? WithoutDeactivated()
    {
        int deactivations = CallbackContext.Deactivations;
        for (ContextNode? node = this; node is not null && node._activeAt != deactivations; node = node.Parent)
        {
            if (!node.Context!.IsActive) return Rebuild();
        }

        _activeAt = deactivations;
        return this;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ContextNode? Rebuild()
    {
        var active = new List<ContextNode>(Depth);
        for (ContextNode? node = this; node is not null; node = node.Parent)
        {
            if (node.Context!.IsActive) active.Add(node);
        }

        ContextNode? rebuilt = null;
        for (int i = active.Count - 1; i >= 0; i--)
            rebuilt = new ContextNode(active[i].Context!, rebuilt) { EnteredAt = active[i].EnteredAt };
        return rebuilt;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ContextSynchronizationContext CreateSynchronizationContext(IContextHost host) =>
        _synchronizationContext = host.CreateSynchronizationContext(this);
}
