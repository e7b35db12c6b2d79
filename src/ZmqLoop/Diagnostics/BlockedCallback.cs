namespace ZmqLoop;

/// <summary>A callback that is blocking the loop right now.</summary>
/// <param name="Origin">Which callback.</param>
/// <param name="Elapsed">For how long it has been running, at least.</param>
public sealed record BlockedCallback(CallbackOrigin Origin, TimeSpan Elapsed)
{
    /// <summary>For logs.</summary>
    public override string ToString() => $"The loop has been blocked for {Elapsed.TotalSeconds:0.###} s by {Origin}";
}
