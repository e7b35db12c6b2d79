namespace ZmqLoop.Testing;

/// <summary>
/// An engine without a library: its sockets are <see cref="ScriptedSocket"/>s, its pollers <see cref="ScriptedPoller"/>s in manual time.
/// Sockets that it makes are wired: what one sends, those that are connected to it receive, by the rules of their types (routing ids,
/// envelopes, turns, subscriptions). Endpoints of tcp, ipc and inproc are names in memory, <c>tcp://*</c> and its
/// port that of every host; bind and connect in whichever order.
/// </summary>
public sealed class ScriptedEngine : ZMQEngine
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ScriptedSocket> _bound = [];
    private readonly List<(string Endpoint, ScriptedSocket Socket)> _waiting = []; // connected to what is not bound yet
    private int _lastPort = 49151; // the last below those that are given out
    private readonly List<ScriptedPoller> _pollers = [];
    private bool _terminated;

    /// <summary>For sockets that are made without an engine of their own.</summary>
    public static ScriptedEngine Shared { get; } = new();

    /// <summary>The time that the pollers move; give it to a loop on this engine as its <see cref="IOLoopOptions.TimeProvider"/>.</summary>
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

    /// <returns>The endpoint, with a port for <c>*</c>.</returns>
    internal string Bind(string endpoint, ScriptedSocket socket)
    {
        ScriptedSocket[] waiting;
        lock (_gate)
        {
            if (endpoint.EndsWith(":*", StringComparison.Ordinal) || endpoint.EndsWith(":0", StringComparison.Ordinal))
                endpoint = $"{endpoint[..^1]}{++_lastPort}";
            if (!_bound.TryAdd(NameOf(endpoint), socket))
                throw new ZMQException(ZMQErrorCode.AddressInUse, 0, "EADDRINUSE", $"{endpoint} is in use.", endpoint);
            waiting = [.. _waiting.Where(other => Find(other.Endpoint) == socket).Select(static other => other.Socket)];
            _waiting.RemoveAll(other => Find(other.Endpoint) == socket);
        }

        foreach (ScriptedSocket other in waiting) ScriptedSocket.Join(other, socket);
        return endpoint;
    }

    internal void Connect(string endpoint, ScriptedSocket socket)
    {
        ScriptedSocket? peer;
        lock (_gate)
        {
            peer = Find(endpoint);
            if (peer is null) _waiting.Add((endpoint, socket));
        }

        if (peer is not null) ScriptedSocket.Join(socket, peer);
    }

    internal void Unbind(string endpoint)
    {
        lock (_gate) _bound.Remove(NameOf(endpoint));
    }

    /// <returns>Whom it was connected to.</returns>
    internal ScriptedSocket? Disconnect(string endpoint, ScriptedSocket socket)
    {
        lock (_gate)
        {
            _waiting.RemoveAll(other => other == (endpoint, socket));
            return Find(endpoint);
        }
    }

    /// <summary>Who is bound where one connects to.</summary>
    private ScriptedSocket? Find(string endpoint) => _bound.GetValueOrDefault(NameOf(endpoint))
        ?? (endpoint.StartsWith("tcp://", StringComparison.Ordinal)
            ? _bound.GetValueOrDefault($"tcp://*{endpoint[endpoint.LastIndexOf(':')..]}") : null);

    /// <summary>One of several names of the same host.</summary>
    private static string NameOf(string endpoint) => endpoint
        .Replace("tcp://localhost:", "tcp://127.0.0.1:", StringComparison.Ordinal)
        .Replace("tcp://0.0.0.0:", "tcp://*:", StringComparison.Ordinal).Replace("tcp://[::]:", "tcp://*:", StringComparison.Ordinal);

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
