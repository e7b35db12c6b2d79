namespace ZmqLoop;

/// <summary>A context that counts what is pending under it and can be cancelled as a whole. Any thread.</summary>
internal interface IScope
{
    bool IsCancelled { get; }

    CancellationToken CancellationToken { get; }

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

    /// <summary>Remembers something that a cancellation has to take away, since nobody else would for long: a timer, a handler.</summary>
    void Track(IScopeItem item);
}
