namespace ZmqLoop.Testing;

/// <summary>An engine without a library: its sockets are <see cref="ScriptedSocket"/>s, its pollers <see cref="ScriptedPoller"/>s in manual time.</summary>
public sealed class ScriptedEngine : ZMQEngine
{
    /// <summary>For sockets that are made without an engine of their own.</summary>
    public static ScriptedEngine Shared { get; } = new();

    /// <summary>The time that the pollers move.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <inheritdoc/>
    public override string Name => "scripted";

    /// <inheritdoc/>
    public override ZMQSocket CreateSocket(SocketType type) => new ScriptedSocket(type, this);

    /// <inheritdoc/>
    public override IPoller CreatePoller() => new ScriptedPoller(Time);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
