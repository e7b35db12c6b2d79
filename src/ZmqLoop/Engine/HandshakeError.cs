using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

/// <summary>How a handshake broke the protocol, with ZeroMQ's numbers: see <see cref="SocketEvent.Error"/>.
/// <c>ZMQ_PROTOCOL_ERROR_*</c>.</summary>
[SuppressMessage("Design", "CA1028", Justification = "ZeroMQ's numbers.")]
public enum HandshakeError : uint
{
    /// <summary>There was no error of this kind.</summary>
    None = 0,

    /// <summary>The peer broke ZMTP in some way.</summary>
    Unspecified = 0x1000_0000,

    /// <summary>A command came that nobody expected.</summary>
    UnexpectedCommand = 0x1000_0001,

    /// <summary>The numbers of the encrypted commands are out of order.</summary>
    InvalidSequence = 0x1000_0002,

    /// <summary>The keys could not be exchanged.</summary>
    KeyExchange = 0x1000_0003,

    /// <summary>A command was malformed.</summary>
    MalformedCommand = 0x1000_0011,

    /// <summary>A MESSAGE command was malformed.</summary>
    MalformedMessage = 0x1000_0012,

    /// <summary>A HELLO command was malformed.</summary>
    MalformedHello = 0x1000_0013,

    /// <summary>An INITIATE command was malformed.</summary>
    MalformedInitiate = 0x1000_0014,

    /// <summary>An ERROR command was malformed.</summary>
    MalformedError = 0x1000_0015,

    /// <summary>A READY command was malformed.</summary>
    MalformedReady = 0x1000_0016,

    /// <summary>A WELCOME command was malformed.</summary>
    MalformedWelcome = 0x1000_0017,

    /// <summary>What the peer says of itself is malformed.</summary>
    InvalidMetadata = 0x1000_0018,

    /// <summary>What the peer sent cannot be decrypted: one of the keys is wrong.</summary>
    Cryptographic = 0x1100_0001,

    /// <summary>One side speaks another mechanism (NULL, PLAIN, CURVE) than the other.</summary>
    MechanismMismatch = 0x1100_0002,

    /// <summary>The authenticator broke ZAP in some way.</summary>
    AuthenticatorUnspecified = 0x2000_0000,

    /// <summary>The authenticator's reply was malformed.</summary>
    AuthenticatorMalformedReply = 0x2000_0001,

    /// <summary>The authenticator's reply answers another request.</summary>
    AuthenticatorBadRequestId = 0x2000_0002,

    /// <summary>The authenticator speaks another version of ZAP.</summary>
    AuthenticatorBadVersion = 0x2000_0003,

    /// <summary>The authenticator's status is none that there is.</summary>
    AuthenticatorInvalidStatus = 0x2000_0004,

    /// <summary>The metadata in the authenticator's reply is malformed.</summary>
    AuthenticatorInvalidMetadata = 0x2000_0005,
}
