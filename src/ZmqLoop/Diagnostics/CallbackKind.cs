namespace ZmqLoop;

/// <summary>Kinds of callbacks.</summary>
public enum CallbackKind
{
    /// <summary>A posted callback, a continuation, or a future's callback.</summary>
    Callback,

    /// <summary>A timer.</summary>
    Timeout,

    /// <summary>A handler of a source.</summary>
    Handler,

    /// <summary>A callback of a stream.</summary>
    Stream,
}
