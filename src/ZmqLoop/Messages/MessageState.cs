namespace ZmqLoop;

/// <summary>Whose a <see cref="Message"/> is.</summary>
internal enum MessageState : byte
{
    /// <summary>Whoever has it: any thread, one at a time.</summary>
    Owned,

    /// <summary>A stream's, which receives into it.</summary>
    Filling,

    /// <summary>A stream's, and the engine is receiving into it.</summary>
    Receiving,

    /// <summary>A stream's, and its callback looks at it, on one thread.</summary>
    Lent,

    /// <summary>A stream's, and the callback is over: nobody may use it.</summary>
    Over,
}
