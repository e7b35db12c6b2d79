using System.Text;

namespace ZmqLoop.Testing;

// Endpoints. Without an engine they are accepted and mean nothing; sockets that a ScriptedEngine made are wired in memory, whatever the
// transport, up to their high-water marks. All arrives at once.
public sealed partial class ScriptedSocket
{
    private readonly HashSet<string> _binds = [];
    private readonly HashSet<string> _connects = [];
    private ScriptedSocket[] _peers = [];
    private int _lastPeer;

    /// <summary>True for a socket whose messages go to the peers that it is connected to; its room follows from theirs.</summary>
    public bool IsWired { get; internal init; }

    internal ScriptedPoller? Watcher { get; set; }

    private ScriptedEngine Wires => (ScriptedEngine)Engine;

    /// <inheritdoc/>
    public override void Bind(string endpoint)
    {
        if (!Check(endpoint)) return;
        string bound = Wires.Bind(endpoint, this);
        _binds.Add(bound);
        _strings[ZMQSocketOptions.LastEndpoint.Id] = Encoding.UTF8.GetBytes(bound + '\0');
    }

    /// <inheritdoc/>
    public override void Connect(string endpoint)
    {
        if (!Check(endpoint)) return;
        _connects.Add(endpoint);
        Wires.Connect(endpoint, this);
    }

    /// <inheritdoc/>
    public override void Unbind(string endpoint)
    {
        if (!Check(endpoint)) return;
        if (!_binds.Remove(endpoint)) throw NotFound(endpoint);
        Wires.Unbind(endpoint);
    }

    /// <inheritdoc/>
    public override void Disconnect(string endpoint)
    {
        if (!Check(endpoint)) return;
        if (!_connects.Remove(endpoint)) throw NotFound(endpoint);
        if (Wires.Disconnect(endpoint, this) is not { } peer) return;
        Part(peer);
        peer.Part(this);
    }

    internal static void Join(ScriptedSocket one, ScriptedSocket other)
    {
        one.Join(other);
        other.Join(one);
        one.TellSubscriptions(other);
        other.TellSubscriptions(one);
    }

    private static ZMQException NotFound(string endpoint) =>
        new(ZMQErrorCode.EndpointNotFound, 0, "ENOENT", $"{endpoint} is unknown here.", endpoint);

    private bool Check(string endpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
        Verify();
        if (!IsWired) return false;
        string[] parts = endpoint.Split("://", 2);
        if (parts.Length < 2) throw new ZMQException(ZMQErrorCode.InvalidArgument, 0, "EINVAL", $"{endpoint} is no endpoint.", endpoint);
        if (parts[0] is not ("inproc" or "ipc" or "tcp"))
            throw new ZMQException(ZMQErrorCode.ProtocolNotSupported, 0, "EPROTONOSUPPORT", $"{endpoint} has an unknown transport.",
                endpoint);
        return true;
    }

    private void Join(ScriptedSocket peer)
    {
        lock (_binds) _peers = [.. _peers, peer];
        Watcher?.Ring();
    }

    private void Part(ScriptedSocket peer)
    {
        lock (_binds) _peers = [.. _peers.Where(other => other != peer)];
        Watcher?.Ring();
    }

    private void Cut()
    {
        if (!IsWired) return;
        foreach (string endpoint in _binds) Wires.Unbind(endpoint);
        foreach (string endpoint in _connects) Wires.Disconnect(endpoint, this);
        foreach (ScriptedSocket peer in _peers) peer.Part(this);
        _peers = [];
        Watcher?.Ring();
    }

    // By turns, among those that have room.
    private ScriptedSocket? NextPeer()
    {
        ScriptedSocket[] peers = _peers;
        for (int i = 1; i <= peers.Length; i++)
        {
            int turn = (_lastPeer + i) % peers.Length;
            if (!HasRoom(peers[turn])) continue;
            _lastPeer = turn;
            return peers[turn];
        }

        return null;
    }

    private bool HasRoom(ScriptedSocket peer)
    {
        long mine = _integers[ZMQSocketOptions.SndHwm.Id];
        long theirs = peer._integers[ZMQSocketOptions.RcvHwm.Id];
        lock (peer._inbox) return mine == 0 || theirs == 0 || peer._inbox.Count < mine + theirs;
    }
}
