namespace ZmqLoop;

/// <summary>A context that counts what is pending under it and can be cancelled as a whole. Any thread.</summary>
internal interface IScope
{
    bool IsCancelled { get; }

    CancellationToken CancellationToken { get; }

    /// <summary>The body begins: it is pending until <see cref="Release"/>.</summary>
    /// <param name="outer">The scope around it, which this one belongs to from now on; or null.</param>
    /// <exception cref="InvalidOperationException">There was a body already.</exception>
    /// <exception cref="OperationCanceledException">The scope was cancelled, or the one around it.</exception>
    void Begin(IScope? outer);

    /// <summary>One more is pending, whatever happens.</summary>
    void Hold();

    /// <summary>One more is pending; false, and nothing is counted, once the scope was cancelled.</summary>
    bool TryHold();

    /// <summary>One fewer is pending.</summary>
    void Release();

    /// <summary>One more is pending, whatever happens, until the task ends.</summary>
    sealed void HoldUntil(Task task)
    {
        Hold();
        task.ContinueWith(static (_, scope) => ((IScope)scope!).Release(), this, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Remembers something for the scope to cancel with itself: a timer or a handler would else keep what it captured alive for
    /// long after.</summary>
    void Track(IScopeItem item);
}
