using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>A thread's state of contexts: the innermost node, and the frame it belongs to.</summary>
internal sealed class ContextThread
{
    /// <summary>Deeper chains are nearly always a context entered again in each callback and never left behind.</summary>
    public const int DeepChain = 100;

    [ThreadStatic]
    private static ContextThread? t_current;

    private const int FrameBits = 40;
    private static int _threads;

    private readonly Thread _thread = Thread.CurrentThread;

    // Frames of different threads must differ, too: a block may be left on another thread than it was entered on.
    private long _frames = (long)Interlocked.Increment(ref _threads) << FrameBits;

    /// <summary>The innermost scope in force on this thread.</summary>
    public static IScope? CurrentScope => Current.Captured?.Scope;

    public static ContextThread Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_current ?? Create();
    }

    /// <summary>Stands for the ExecutionContext in force: as long as it is the same, no AsyncLocal was set. Only to be compared; this
    /// thread.</summary>
    public object? ExecutionContextNow =>
        ThreadInternals.AreKnown ? ThreadInternals.ExecutionContext(_thread) : ExecutionContext.Capture();

    /// <summary>True if no AsyncLocal is set on this thread, and the flow is not suppressed. This thread.</summary>
    public bool HasDefaultExecutionContext
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (!ThreadInternals.AreKnown) return OuterExecutionContext.IsDefault;
            ExecutionContext? now = ThreadInternals.ExecutionContext(_thread);
            return now is null || ReferenceEquals(now, OuterExecutionContext.Default);
        }
    }

    /// <summary>Where an <c>await</c> on this thread comes back to.</summary>
    public SynchronizationContext? SynchronizationContext =>
        ThreadInternals.AreKnown ? ThreadInternals.SynchronizationContext(_thread) : System.Threading.SynchronizationContext.Current;

    /// <summary>The innermost node in force; null is the empty chain.</summary>
    public ContextNode? Node { get; private set; }

    /// <summary>
    /// The number of the wrapped call that is running. A node is shared between the block that made it and the calls that were captured in
    /// it; node and number together are unique, so that a block left in another call than it was entered in is noticed, without a node
    /// allocated for each call.
    /// </summary>
    public long CallNumber { get; private set; }

    /// <summary>The loop that runs on this thread, or null.</summary>
    public IContextHost? Host { get; private set; }

    /// <summary>What a callback stored now has to run in.</summary>
    public ContextNode? Captured => Node is { IsRoot: true } ? null : Node;

    /// <summary>Puts a state in force: a node and the frame to which it belongs, which only together say where the thread is.</summary>
    public void Set(ContextNode? node, long frame)
    {
        CallNumber = frame;
        if (ReferenceEquals(Node, node)) return;
        Node = node;
        if (Host is { } host) System.Threading.SynchronizationContext.SetSynchronizationContext(SynchronizationContextOf(node, host));
    }

    /// <summary>Begins a call of its own in a chain; end it with <see cref="EndFrame"/>.</summary>
    public ContextState BeginFrame(ContextNode? node)
    {
        ContextState before = new(Node, CallNumber, SynchronizationContext);
        CallNumber = ++_frames;
        Node = node;
        if (Host is { } host) UseSynchronizationContext(SynchronizationContextOf(node, host));
        return before;
    }

    /// <summary>Puts back what was in force before the call, whatever the call did to it.</summary>
    public void EndFrame(in ContextState before)
    {
        Node = before.Node;
        CallNumber = before.CallNumber;
        UseSynchronizationContext(before.SynchronizationContext);
    }

    /// <summary>Goes on to the next call in the same chain; whoever does so ends the last one with <see cref="EndFrame"/>.</summary>
    public void NextFrame() => CallNumber = ++_frames;

    public void Enter(ContextNode node)
    {
        Set(node, CallNumber);
        if (node.Depth == DeepChain + 1) Host?.ReportDeepChain(node);
    }

    /// <summary>Makes a loop the host of this thread; its synchronization context follows the nodes from now on.</summary>
    public void SetHost(IContextHost? host)
    {
        Host = host;
        if (host is not null) System.Threading.SynchronizationContext.SetSynchronizationContext(SynchronizationContextOf(Node, host));
    }

    private void UseSynchronizationContext(SynchronizationContext? context)
    {
        if (!ReferenceEquals(SynchronizationContext, context)) System.Threading.SynchronizationContext.SetSynchronizationContext(context);
    }

    private static SynchronizationContext SynchronizationContextOf(ContextNode? node, IContextHost host) =>
        node is null or { IsRoot: true } ? host.SynchronizationContext : node.SynchronizationContextFor(host);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ContextThread Create() => t_current = new ContextThread();
}
