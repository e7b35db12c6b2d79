using System.Text;

namespace ZmqLoop.Testing;

// Endpoints. Without an engine they are accepted and mean nothing; sockets that a ScriptedEngine made are wired over inproc, up to their
// high-water marks. All arrives at once.
public sealed partial class ScriptedSocket
{
    private readonly HashSet<string> _binds = [];
    private readonly HashSet<string> _connects = [];
    private ScriptedSocket[] _peers = [];

    /// <summary>True for a socket whose messages go to the peers that it is connected to; its room follows from theirs.</summary>
    public bool IsWired { get; internal init; }

    internal ScriptedPoller? Watcher { get; set; }

    private IOEvents WiredEvents
    {
        get
        {
            IOEvents events = IOEvents.None;
            lock (_inbox)
            {
                if (_inbox.Count > 0) events |= IOEvents.Read;
            }

            if (Type != SocketType.Pull && Array.Exists(_peers, HasRoom)) events |= IOEvents.Write;
            return events;
        }
    }

    /// <inheritdoc/>
    public override void Bind(string endpoint)
    {
        if (!Check(endpoint)) return;
        ((ScriptedEngine)Engine).Bind(endpoint, this);
        _binds.Add(endpoint);
        _strings[ZMQSocketOptions.LastEndpoint.Id] = Encoding.UTF8.GetBytes(endpoint + '\0');
    }

    /// <inheritdoc/>
    public override void Connect(string endpoint)
    {
        if (!Check(endpoint)) return;
        _connects.Add(endpoint);
        if (((ScriptedEngine)Engine).Find(endpoint) is not { } peer) return;
        Join(peer);
        peer.Join(this);
    }

    /// <inheritdoc/>
    public override void Unbind(string endpoint)
    {
        if (!Check(endpoint)) return;
        if (!_binds.Remove(endpoint)) throw NotFound(endpoint);
        ((ScriptedEngine)Engine).Unbind(endpoint);
    }

    /// <inheritdoc/>
    public override void Disconnect(string endpoint)
    {
        if (!Check(endpoint)) return;
        if (!_connects.Remove(endpoint)) throw NotFound(endpoint);
        if (((ScriptedEngine)Engine).Find(endpoint) is not { } peer) return;
        Part(peer);
        peer.Part(this);
    }

    private static ZMQException NotFound(string endpoint) =>
        new(ZMQErrorCode.EndpointNotFound, 0, "ENOENT", $"{endpoint} is unknown here.", endpoint);

    private bool Check(string endpoint)
    {
        Verify();
        if (!IsWired) return false;
        ArgumentException.ThrowIfNullOrEmpty(endpoint);
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
        foreach (string endpoint in _binds) ((ScriptedEngine)Engine).Unbind(endpoint);
        foreach (ScriptedSocket peer in _peers) peer.Part(this);
        _peers = [];
        Watcher?.Ring();
    }

    private bool Deliver(Message message)
    {
        if (Array.Find(_peers, HasRoom) is not { } peer) return false;
        Message copy = new();
        foreach (Frame frame in message.Frames) copy.Append(frame.ToArray());
        peer.Arrive(copy);
        return true;
    }

    private bool HasRoom(ScriptedSocket peer)
    {
        long mine = _integers[ZMQSocketOptions.SndHwm.Id];
        long theirs = peer._integers[ZMQSocketOptions.RcvHwm.Id];
        lock (peer._inbox) return mine == 0 || theirs == 0 || peer._inbox.Count < mine + theirs;
    }
}
