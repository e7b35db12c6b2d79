namespace ZmqLoop.Testing;

/// <summary>
/// An engine without a library: its sockets are <see cref="ScriptedSocket"/>s, its pollers <see cref="ScriptedPoller"/>s in manual time.
/// Sockets that it makes are wired: what one sends, the other that is connected to it over inproc receives.
/// </summary>
public sealed class ScriptedEngine : ZMQEngine
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ScriptedSocket> _bound = [];
    private readonly List<ScriptedPoller> _pollers = [];
    private bool _terminated;

    /// <summary>For sockets that are made without an engine of their own.</summary>
    public static ScriptedEngine Shared { get; } = new();

    /// <summary>The time that the pollers move.</summary>
    public ManualTimeProvider Time { get; } = new();

    /// <summary>True once the engine was disposed.</summary>
    public bool IsTerminated => Volatile.Read(ref _terminated);

    /// <inheritdoc/>
    public override string Name => "scripted";

    /// <inheritdoc/>
    public override ZMQSocket CreateSocket(SocketType type)
    {
        ObjectDisposedException.ThrowIf(IsTerminated, this);
        return new ScriptedSocket(type, this) { IsWired = true };
    }

    /// <inheritdoc/>
    public override IPoller CreatePoller()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_terminated, this);
            ScriptedPoller poller = new(Time);
            _pollers.Add(poller);
            return poller;
        }
    }

    internal void Bind(string endpoint, ScriptedSocket socket)
    {
        lock (_gate)
        {
            if (!_bound.TryAdd(endpoint, socket))
                throw new ZMQException(ZMQErrorCode.AddressInUse, 0, "EADDRINUSE", $"{endpoint} is in use.", endpoint);
        }
    }

    internal void Unbind(string endpoint)
    {
        lock (_gate) _bound.Remove(endpoint);
    }

    internal ScriptedSocket? Find(string endpoint)
    {
        lock (_gate) return _bound.GetValueOrDefault(endpoint);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _terminated = true;
            foreach (ScriptedPoller poller in _pollers) poller.Terminate();
        }
    }
}
