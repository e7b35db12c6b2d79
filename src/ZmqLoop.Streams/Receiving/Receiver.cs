namespace ZmqLoop.Streams;

/// <summary>A receive callback as it was given: one of two kinds, its scope, and whether its messages are copies.</summary>
internal sealed record Receiver(
    CapturedCallback<Message>? Callback, CapturedAsync<Message>? AsyncCallback, CallbackOrigin Origin, bool Copy)
{
    /// <summary>Of the scope that it was given in.</summary>
    public CancellationToken Scope { get; } = CallbackScope.CurrentToken;

    /// <summary>That scope waits for as long as there is the callback.</summary>
    public IDisposable? Hold { get; } = CallbackScope.HoldCurrent();

    /// <summary>What flowed to where it was given: what is logged of its failures has the scopes of that place.</summary>
    public ExecutionContext? Flow { get; } = ExecutionContext.Capture();
}
