namespace ZmqLoop.Analyzers;

/// <summary>How a call blocks, for what to do about it.</summary>
internal enum BlockingKind
{
    Sleep,

    /// <summary>Waits for a task that is nothing but awaited: <c>Wait()</c>.</summary>
    Task,

    /// <summary>Waits for a task, and for what it ends with.</summary>
    Result,

    /// <summary>Waits for something else.</summary>
    Wait,

    /// <summary>Waits for a socket.</summary>
    Receive,
}
