namespace ZmqLoop;

/// <summary>A context of a chain, and what a call has entered of it.</summary>
internal struct ContextEntry(ContextNode node)
{
    private ContextNode _node = node;
    private object? _instance;

    // The ExecutionContext outside and inside of the context, where entering changed it; else null.
    private ExecutionContext? _outside;
    private ExecutionContext? _inside;

    /// <summary>Puts a chain into entries, outermost first: one for each context of the chain.</summary>
    public static void Fill(Span<ContextEntry> entries, ContextNode innermost)
    {
        for (ContextNode? node = innermost; node is not null; node = node.Parent) entries[node.Depth - 1]._node = node;
    }

    /// <param name="thread">This one.</param>
    /// <param name="frame">The call that enters.</param>
    /// <param name="before">The ExecutionContext outside of the context; null where its flow is suppressed.</param>
    /// <returns>The ExecutionContext inside of the context.</returns>
    public ExecutionContext? Enter(ContextThread thread, long frame, ExecutionContext? before)
    {
        thread.Set(_node, frame);
        if (!_node.IsEntered) return before;
        object? outside = thread.ExecutionContextNow;
        _instance = _node.Context!.EnterInstance();
        if (ReferenceEquals(thread.ExecutionContextNow, outside)) return before; // most contexts change no AsyncLocal
        ExecutionContext? inside = OuterExecutionContext.Enter(before);
        if (ReferenceEquals(before, inside)) return before;
        _outside = before;
        _inside = inside;
        return inside;
    }

    /// <summary>Leaves the context: what its exit or its handler schedules, it schedules inside of it.</summary>
    /// <returns>The exception to go on with: none where the context consumed it, its own where it failed to exit.</returns>
    public Exception? Leave(ContextThread thread, long frame, Exception? error)
    {
        thread.Set(_node, frame);
        return Leave(error);
    }

    /// <summary>Leaves the context inside of whatever is in force.</summary>
    /// <inheritdoc cref="Leave(ContextThread, long, Exception?)"/>
    public Exception? Leave(Exception? error)
    {
        object? instance = _instance;
        _instance = null;
        if (_inside is null) return Exit(_node, instance, error);
        bool untouched = OuterExecutionContext.IsUntouched(_inside);
        error = Exit(_node, instance, error);
        OuterExecutionContext.Leave(_outside, untouched);
        _outside = _inside = null;
        return error;
    }

    /// <summary>Leaves one context; an exit or handler that throws replaces the exception.</summary>
    public static Exception? Exit(ContextNode node, object? instance, Exception? error)
    {
        CallbackContext context = node.Context!;
        if (error is OperationCanceledException && context.HandlesErrors && ScopeCanceledException.Is(error, node.Scope)) return error;
        try
        {
            return context.ExitInstance(instance, error) ? null : error;
        }
        catch (Exception raised)
        {
            return raised;
        }
    }
}
