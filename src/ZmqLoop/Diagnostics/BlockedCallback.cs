namespace ZmqLoop;

/// <summary>A callback that is blocking the loop right now.</summary>
/// <param name="Origin">Which callback.</param>
/// <param name="Elapsed">For how long it has been running, at least.</param>
public sealed record BlockedCallback(CallbackOrigin Origin, TimeSpan Elapsed)
{
    /// <summary>For logs.</summary>
    public override string ToString() => $"The loop has been blocked for {Rounded} s by {Origin}";

    /// <summary>As exactly as it is worth reading.</summary>
    internal double Rounded => Math.Round(Elapsed.TotalSeconds, Elapsed.TotalSeconds < 0.1 ? 4 : 2);
}
