namespace ZmqLoop;

/// <summary>Something pending that a cancelled scope cancels: a timer, a handler, a callback that waits for a task.</summary>
internal interface IScopeItem
{
    /// <summary>True once it ran or was cancelled.</summary>
    bool IsDone { get; }

    /// <summary>Frees it, so that it never runs. Any thread.</summary>
    void Cancel();
}
