using System.Reflection;
using System.Runtime.CompilerServices;
using AsyncIO;

namespace ZmqLoop.Interop;

/// <summary>The members of NetMQ's connections, listeners and connectors that it does not publish, without which nobody else can close one
/// that has broken.</summary>
internal static class ConnectionInternals
{
    private const string IOObject = "NetMQ.Core.IOObject, NetMQ";
    private const string Engine = "NetMQ.Core.Transports.StreamEngine, NetMQ";
    private const string Decoder = "NetMQ.Core.Transports.DecoderBase, NetMQ";
    private const string Session = "NetMQ.Core.SessionBase, NetMQ";
    private const string Pipe = "NetMQ.Core.Pipe, NetMQ";
    private const string Listener = "NetMQ.Core.Transports.Tcp.TcpListener, NetMQ";
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.NonPublic;
    private const string Connector = "NetMQ.Core.Transports.Tcp.TcpConnector, NetMQ";

    private static readonly Type? _engine = Type.GetType(Engine);
    private static readonly Type? _listener = Type.GetType(Listener);
    private static readonly Type? _connector = Type.GetType(Connector);

    // An accessor cannot return a field whose type is not published. The trimmer follows constant names.
    private static readonly FieldInfo? _handlerField = Type.GetType(IOObject)?.GetField("m_handler", Inside);
    private static readonly FieldInfo? _sessionField = Type.GetType(Engine)?.GetField("m_session", Inside);
    private static readonly FieldInfo? _decoderField = Type.GetType(Engine)?.GetField("m_decoder", Inside);
    private static readonly FieldInfo? _engineField = Type.GetType(Session)?.GetField("m_engine", Inside);
    private static readonly FieldInfo? _pipeField = Type.GetType(Session)?.GetField("m_pipe", Inside);

    /// <summary>True if this version of NetMQ has all of them, in the shape that is expected here. Set by tests alone.</summary>
    public static bool AreKnown { get; set; } = _engine is not null && _listener is not null && _connector is not null
        && _handlerField is not null && _sessionField is not null && _decoderField is not null
        && _engineField is not null && _pipeField is not null
        && MemberLookup.Exists(static () => Fail(null!))
        && MemberLookup.Exists(static () => Terminate(null!))
        && MemberLookup.Exists(static () => _ = Handle(null!))
        && MemberLookup.Exists(static () => _ = EngineEndpoint(null!))
        && MemberLookup.Exists(static () => _ = Unread(null!))
        && MemberLookup.Exists(static () => _ = BufferSize(null!))
        && MemberLookup.Exists(static () => CanWrite(null!))
        && MemberLookup.Exists(static () => Flush(null!))
        && MemberLookup.Exists(static () => Detach(null!, false))
        && MemberLookup.Exists(static () => Accept(null!))
        && MemberLookup.Exists(static () => _ = ListenerHandle(null!))
        && MemberLookup.Exists(static () => _ = ListenerEndpoint(null!))
        && MemberLookup.Exists(static () => CloseConnector(null!))
        && MemberLookup.Exists(static () => Retry(null!))
        && MemberLookup.Exists(static () => _ = ConnectorHandle(null!))
        && MemberLookup.Exists(static () => _ = ConnectorEndpoint(null!));

    public static bool IsEngine(object? handler) => _engine!.IsInstanceOfType(handler);

    public static bool IsListener(object? handler) => _listener!.IsInstanceOfType(handler);

    public static bool IsConnector(object? handler) => _connector!.IsInstanceOfType(handler);

    /// <summary>Whom a completion is for in the end.</summary>
    public static object? Handler(object events) => _handlerField!.GetValue(events);

    /// <summary>Closes a connection as NetMQ does when its peer breaks the protocol: the session hears of it, and a connecting one tries
    /// again.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Error")]
    public static extern void Fail([UnsafeAccessorType(Engine)] object engine);

    /// <summary>Closes it without telling anybody.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Terminate([UnsafeAccessorType(Engine)] object engine);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_handle")]
    public static extern ref AsyncSocket? Handle([UnsafeAccessorType(Engine)] object engine);

    /// <summary>Where it was accepted, or what it is connected to.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_endpoint")]
    public static extern ref string EngineEndpoint([UnsafeAccessorType(Engine)] object engine);

    public static object? SessionOf(object engine) => _sessionField!.GetValue(engine);

    /// <summary>Null during the greeting.</summary>
    public static object? DecoderOf(object engine) => _decoderField!.GetValue(engine);

    /// <summary>While it waits for bytes, how many may come; else how many of those that came it has not looked at.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_insize")]
    public static extern ref int Unread([UnsafeAccessorType(Engine)] object engine);

    /// <summary>The least that an engine asks for.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_bufsize")]
    public static extern ref int BufferSize([UnsafeAccessorType(Decoder)] object decoder);

    /// <summary>The engine that a session has; null once that was detached.</summary>
    public static object? EngineOf(object session) => _engineField!.GetValue(session);

    /// <summary>The session's end of the way to its socket.</summary>
    public static object? PipeOf(object session) => _pipeField!.GetValue(session);

    /// <summary>False while the high-water mark is reached.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CheckWrite")]
    public static extern bool CanWrite([UnsafeAccessorType(Pipe)] object pipe);

    /// <summary>Shows what was written to who reads.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Flush([UnsafeAccessorType(Pipe)] object pipe);

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Detach([UnsafeAccessorType(Session)] object session, bool handshaked);

    /// <summary>Asks for the next connection.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    public static extern void Accept([UnsafeAccessorType(Listener)] object listener);

    /// <summary>Null once it was closed.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_handle")]
    public static extern ref AsyncSocket? ListenerHandle([UnsafeAccessorType(Listener)] object listener);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_endpoint")]
    public static extern ref string? ListenerEndpoint([UnsafeAccessorType(Listener)] object listener);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Close")]
    public static extern void CloseConnector([UnsafeAccessorType(Connector)] object connector);

    /// <summary>Connects again after the interval.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "AddReconnectTimer")]
    public static extern void Retry([UnsafeAccessorType(Connector)] object connector);

    /// <summary>Null where there is none, or where it was handed on to an engine.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_s")]
    public static extern ref AsyncSocket? ConnectorHandle([UnsafeAccessorType(Connector)] object connector);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "m_endpoint")]
    public static extern ref string ConnectorEndpoint([UnsafeAccessorType(Connector)] object connector);
}
