using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>A thread's state of contexts: the innermost node, and the frame it belongs to.</summary>
internal sealed class ContextThread
{
    /// <summary>Deeper chains are nearly always a context entered again in each callback and never left behind.</summary>
    public const int DeepChain = 100;

    [ThreadStatic]
    private static ContextThread? t_current;

    private int _frames;

    public static ContextThread Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current ?? Create();
    }

    /// <summary>The innermost node in force; null is the empty chain.</summary>
    public ContextNode? Node { get; private set; }

    /// <summary>
    /// The wrapped call that is running. Nodes are shared between the block that made them and the calls that were captured in it; together with the
    /// frame they are as good as fresh ones, so that leaving a block out of step is noticed without an allocation for each call.
    /// </summary>
    public int Frame { get; private set; }

    /// <summary>The loop that runs on this thread, or null.</summary>
    public IContextHost? Host { get; private set; }

    /// <summary>What flows with callbacks besides contexts, as far as contexts change it.</summary>
    public FlowMark Flow;

    /// <summary>What a callback stored now has to run in.</summary>
    public ContextNode? Captured => Node is { IsRoot: true } ? null : Node;

    public void Set(ContextNode? node)
    {
        if (ReferenceEquals(Node, node)) return;
        Node = node;
        if (Host is { } host) SynchronizationContext.SetSynchronizationContext(SynchronizationContextOf(node, host));
    }

    /// <summary>Begins a call of its own; end it with <see cref="Restore"/>.</summary>
    public (ContextNode? Node, int Frame) BeginFrame()
    {
        (ContextNode?, int) before = (Node, Frame);
        Frame = ++_frames;
        return before;
    }

    public void Restore((ContextNode? Node, int Frame) before)
    {
        Frame = before.Frame;
        Node = before.Node;
        if (Host is not { } host) return;

        // Also where the node is the same: the call may have set a context of its own, which must not leak into the next one.
        SynchronizationContext expected = SynchronizationContextOf(Node, host);
        if (!ReferenceEquals(SynchronizationContext.Current, expected)) SynchronizationContext.SetSynchronizationContext(expected);
    }

    public void Enter(ContextNode node)
    {
        Set(node);
        if (node.Depth == DeepChain + 1) Host?.ReportDeepChain(node);
    }

    /// <summary>Makes a loop the host of this thread; its synchronization context follows the nodes from now on.</summary>
    public void SetHost(IContextHost? host)
    {
        Host = host;
        if (host is not null) SynchronizationContext.SetSynchronizationContext(SynchronizationContextOf(Node, host));
    }

    private static SynchronizationContext SynchronizationContextOf(ContextNode? node, IContextHost host) =>
        node is null or { IsRoot: true } ? host.SynchronizationContext : node.SynchronizationContextFor(host);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ContextThread Create() => t_current = new ContextThread();
}
