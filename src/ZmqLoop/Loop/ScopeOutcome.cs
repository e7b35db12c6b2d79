namespace ZmqLoop;

/// <summary>How a <see cref="CallbackScope"/> ended.</summary>
public enum ScopeOutcome
{
    /// <summary>Nothing was left to do.</summary>
    Completed,

    /// <summary>It was cancelled, or a scope around it was.</summary>
    Cancelled,

    /// <summary>Its time was over.</summary>
    TimedOut,
}
