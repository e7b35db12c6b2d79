using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

/// <summary>What <see cref="ZMQSocket.Monitor"/> tells of, with ZeroMQ's numbers.</summary>
[Flags]
[SuppressMessage("Design", "CA1027", Justification = "They are flags.")]
public enum ZMQSocketEvents
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Connected; the value is the descriptor. <c>ZMQ_EVENT_CONNECTED</c>.</summary>
    Connected = 0x0001,

    /// <summary>Connecting goes on in the background. <c>ZMQ_EVENT_CONNECT_DELAYED</c>.</summary>
    ConnectDelayed = 0x0002,

    /// <summary>Connecting is tried again; the value is the wait in milliseconds. <c>ZMQ_EVENT_CONNECT_RETRIED</c>.</summary>
    ConnectRetried = 0x0004,

    /// <summary>Bound; the value is the descriptor. <c>ZMQ_EVENT_LISTENING</c>.</summary>
    Listening = 0x0008,

    /// <summary>Could not bind; the value is the errno. <c>ZMQ_EVENT_BIND_FAILED</c>.</summary>
    BindFailed = 0x0010,

    /// <summary>A peer connected; the value is the descriptor. <c>ZMQ_EVENT_ACCEPTED</c>.</summary>
    Accepted = 0x0020,

    /// <summary>A peer could not be accepted; the value is the errno. <c>ZMQ_EVENT_ACCEPT_FAILED</c>.</summary>
    AcceptFailed = 0x0040,

    /// <summary>A connection was closed; the value is the descriptor. <c>ZMQ_EVENT_CLOSED</c>.</summary>
    Closed = 0x0080,

    /// <summary>A connection could not be closed; the value is the errno. <c>ZMQ_EVENT_CLOSE_FAILED</c>.</summary>
    CloseFailed = 0x0100,

    /// <summary>A connection was lost; the value is the descriptor. <c>ZMQ_EVENT_DISCONNECTED</c>.</summary>
    Disconnected = 0x0200,

    /// <summary>No more events follow. <c>ZMQ_EVENT_MONITOR_STOPPED</c>.</summary>
    MonitorStopped = 0x0400,

    /// <summary>The handshake failed without a reason; the value is the errno. <c>ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL</c>.</summary>
    HandshakeFailedNoDetail = 0x0800,

    /// <summary>The peers understand and trust each other; messages flow. <c>ZMQ_EVENT_HANDSHAKE_SUCCEEDED</c>.</summary>
    HandshakeSucceeded = 0x1000,

    /// <summary>The handshake broke the protocol; the value is one of <c>ZMQ_PROTOCOL_ERROR_*</c>.
    /// <c>ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL</c>.</summary>
    HandshakeFailedProtocol = 0x2000,

    /// <summary>The peer was refused; the value is ZAP's status code. <c>ZMQ_EVENT_HANDSHAKE_FAILED_AUTH</c>.</summary>
    HandshakeFailedAuth = 0x4000,

    /// <summary>Everything. <c>ZMQ_EVENT_ALL</c>.</summary>
    All = 0xFFFF,
}
