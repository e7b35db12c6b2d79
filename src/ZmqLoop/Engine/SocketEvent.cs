using System.Runtime.InteropServices;

namespace ZmqLoop;

/// <summary>One thing that a monitor told. pyzmq's <c>parse_monitor_message</c>.</summary>
/// <param name="Event">What happened.</param>
/// <param name="Value">A descriptor, an errno, milliseconds or a code: see <see cref="ZMQSocketEvents"/>.</param>
/// <param name="Endpoint">Where.</param>
public readonly record struct SocketEvent(ZMQSocketEvents Event, uint Value, string Endpoint)
{
    private const int HeadLength = sizeof(ushort) + sizeof(uint);

    /// <summary>How the handshake broke the protocol, for <see cref="ZMQSocketEvents.HandshakeFailedProtocol"/>; else
    /// <see cref="HandshakeError.None"/>.</summary>
    public HandshakeError Error => Event == ZMQSocketEvents.HandshakeFailedProtocol ? (HandshakeError)Value : HandshakeError.None;

    /// <summary>Why, for events that tell of a failure; else empty.</summary>
    public string Reason => Event switch
    {
        ZMQSocketEvents.HandshakeFailedProtocol => $"{Error}",
        ZMQSocketEvents.HandshakeFailedAuth => $"refused with status {Value}",
        ZMQSocketEvents.HandshakeFailedNoDetail or ZMQSocketEvents.BindFailed or ZMQSocketEvents.AcceptFailed
            or ZMQSocketEvents.CloseFailed => $"errno {Value}",
        _ => "",
    };

    /// <summary>Reads a message that came from the socket which <see cref="ZMQSocket.Monitor"/> returned.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> is null.</exception>
    /// <exception cref="FormatException">It is not such a message.</exception>
    public static SocketEvent Parse(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.Count != 2 || message[0].Length != HeadLength)
            throw new FormatException($"A monitor's message has two frames, the first of {HeadLength} bytes; this one is {message}.");
        ReadOnlySpan<byte> head = message[0].Span; // of this machine, so in its byte order
        return new SocketEvent(
            (ZMQSocketEvents)MemoryMarshal.Read<ushort>(head), MemoryMarshal.Read<uint>(head[sizeof(ushort)..]), message[1].ToText());
    }

    /// <summary>For logs: such as <c>HandshakeFailedAuth tcp://127.0.0.1:5555: refused with status 400</c>.</summary>
    public override string ToString()
    {
        string text = Endpoint is { Length: > 0 } ? $"{Event} {Endpoint}" : $"{Event}";
        return Reason is { Length: > 0 } reason ? $"{text}: {reason}" : text;
    }
}
