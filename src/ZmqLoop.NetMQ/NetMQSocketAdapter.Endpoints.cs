using System.Diagnostics.CodeAnalysis;
using NetMQ;
using ZmqLoop.Guard;
using ZmqLoop.Interop;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    private const string Tcp = "tcp://";
    private const string Ipc = "ipc://";
    private const string Udp = "udp://";
    private const string Inproc = "inproc://";

    // It glues what is left of a datagram that was cut short to the next message, and anybody can send one.
    private const string Mixed = "over NetMQ's udp a message may come with frames of another one";
    private const string UdpAdvice = "Where that does no harm, bind or connect the adapter's NetMQSocket.";
    private const string NoIpc = "NetMQ's ipc is tcp on 127.0.0.1, on a port made from the name, so that every user of this machine can "
        + "connect, and no other library does";
    private const string Knowing = "NetMQEngineOptions.AllowIpcOverTcp";
    private const string IpcAdvice =
        $"For ipc, use the engine of ZmqLoop.LibZmq; between NetMQ's sockets, where you know this, set {Knowing}.";

    private static bool _toldOfIpc;

    private string _given = ""; // the endpoint that was bound or connected last
    private Dictionary<string, string>? _names; // NetMQ's name of an endpoint by LastEndpoint, where it has two of them

    private protected override void BindTo(string endpoint)
    {
        VerifyTransport(EndpointCall.Bind, endpoint);
        try
        {
            Do(EndpointCall.Bind, endpoint, static (socket, endpoint) => socket.Bind(endpoint));
        }
        catch (ZMQException exception)
        {
            TellOfBinding(endpoint, exception);
            throw;
        }

        _given = endpoint;
        if (endpoint.StartsWith(Tcp, StringComparison.Ordinal))
        {
            // NetMQ takes what stands before the first colon for the address.
            string host = endpoint[..endpoint.IndexOf(':', Tcp.Length)];
            string last = LastEndpoint;
            Note(last, host + last[last.LastIndexOf(':')..]);
        }

        TellOfBinding(endpoint, failure: null);
    }

    private protected override void ConnectTo(string endpoint)
    {
        VerifyTransport(EndpointCall.Connect, endpoint);
        Do(EndpointCall.Connect, endpoint, static (socket, endpoint) => socket.Connect(endpoint));
        _given = endpoint;
        Note(LastEndpoint, endpoint);
    }

    private protected override void UnbindFrom(string endpoint) =>
        End(EndpointCall.Unbind, endpoint, static (socket, endpoint) => socket.Unbind(endpoint));

    private protected override void DisconnectFrom(string endpoint) =>
        End(EndpointCall.Disconnect, endpoint, static (socket, endpoint) => socket.Disconnect(endpoint));

    private void VerifyTransport(EndpointCall call, string endpoint)
    {
        if (endpoint.StartsWith(Udp, StringComparison.Ordinal)) Refuse(call, endpoint, Mixed, UdpAdvice);
        if (endpoint.StartsWith(Ipc, StringComparison.Ordinal) && !_engine.AllowIpcOverTcp) Refuse(call, endpoint, NoIpc, IpcAdvice);
        if (endpoint.StartsWith(Inproc, StringComparison.Ordinal)) return;
        if (HasCurve(_socket)) DemandCurve($"{EndpointErrors.NameOf(call)} {endpoint} with the CURVE options of {this}");
        WarnOfLimit(_socket.Options.MaxMsgSize);
    }

    private void Do(EndpointCall call, string endpoint, Action<NetMQSocket, string> action)
    {
        try
        {
            action(_socket, endpoint);
        }
        catch (Exception exception) when (NetMQErrors.IsFailure(exception))
        {
            throw exception.Translate(call, endpoint);
        }
    }

    /// <summary>By what it was called, and else by what NetMQ calls the place that <see cref="ZMQSocket.LastEndpoint"/> says.</summary>
    private void End(EndpointCall call, string endpoint, Action<NetMQSocket, string> action)
    {
        string name = endpoint;
        try
        {
            Do(call, name, action);
        }
        catch (ZMQException error) when (error.Code == ZMQErrorCode.EndpointNotFound && _names?.GetValueOrDefault(endpoint) is { } other)
        {
            name = other;
            Do(call, name, action);
        }

        foreach ((string place, string called) in _names ?? [])
        {
            if (called == name) _names!.Remove(place); // which an enumeration allows
        }
    }

    private void Note(string endpoint, string name)
    {
        if (endpoint != name) (_names ??= [])[endpoint] = name;
    }

    /// <summary>As NetMQ has it, which writes the family of an address of IPv6 in the place of the address.</summary>
    private string ReadLastEndpoint()
    {
        const string Family = "tcp://[InterNetworkV6]";
        string text = _socket.Options.LastEndpoint ?? "";
        if (!text.StartsWith(Family, StringComparison.Ordinal) || !_given.StartsWith(Tcp, StringComparison.Ordinal)) return text;
        string host = _given[Tcp.Length.._given.LastIndexOf(':')];
        return $"{Tcp}{(host == "*" ? "[::]" : host)}{text[Family.Length..]}";
    }

    /// <summary>Where a socket was bound or connected that comes here.</summary>
    private IEnumerable<string> Endpoints => EndpointInternals.AreKnown && _core is not null
        ? EndpointInternals.Of(_core)
        : _socket.Options.LastEndpoint is { } last ? [last] : [];

    /// <summary>A socket that was bound or connected before it came here.</summary>
    private void WarnOfTransports()
    {
        foreach (string endpoint in Endpoints)
        {
            if (endpoint.StartsWith(Udp, StringComparison.Ordinal))
                IOThreadGuard.Warn($"{this} has {endpoint}: {Mixed}. Use tcp, or expect messages that nobody sent", _engine.Logger);
            else if (endpoint.StartsWith(Ipc, StringComparison.Ordinal) && !_engine.AllowIpcOverTcp)
                IOThreadGuard.WarnOnce(ref _toldOfIpc,
                    $"{this} has {endpoint}: {NoIpc}. Where you know this, set {Knowing}, and nobody warns", _engine.Logger);
        }
    }

    [DoesNotReturn]
    private static void Refuse(EndpointCall call, string endpoint, string fault, string advice) => throw new ZMQException(
        ZMQErrorCode.ProtocolNotSupported, 0, "EPROTONOSUPPORT",
        $"{EndpointErrors.NameOf(call)} {endpoint} failed: {fault} (EPROTONOSUPPORT). {advice}", endpoint);
}
