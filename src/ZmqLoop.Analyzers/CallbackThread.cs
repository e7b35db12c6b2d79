namespace ZmqLoop.Analyzers;

/// <summary>Where a function runs that is given to a method.</summary>
internal enum CallbackThread
{
    /// <summary>Nothing is known of the method.</summary>
    Unknown,

    /// <summary>On a loop, as a callback.</summary>
    Loop,

    /// <summary>On a loop, when a socket is ready, so that receiving from it does not block.</summary>
    LoopWhenReady,

    /// <summary>On a loop, with tasks that have ended.</summary>
    LoopWhenDone,

    /// <summary>Where the method is called, before it returns.</summary>
    Caller,

    /// <summary>On a thread that is not the loop's.</summary>
    OtherThread,
}
