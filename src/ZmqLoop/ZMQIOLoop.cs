namespace ZmqLoop;

/// <summary>An event loop over a <c>ZMQPoller</c>.</summary>
public sealed class ZMQIOLoop
{
    internal static ZMQEngine CurrentEngine => ZMQEngine.Default;

    /// <summary>Installs.</summary>
    public static void Install() => _ = CurrentEngine;
}
