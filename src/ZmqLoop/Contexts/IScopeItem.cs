namespace ZmqLoop;

/// <summary>Something pending that can be taken away.</summary>
internal interface IScopeItem
{
    /// <summary>True once it ran or was taken away.</summary>
    bool IsDone { get; }

    /// <summary>Takes it away; any thread.</summary>
    void Drop();
}
