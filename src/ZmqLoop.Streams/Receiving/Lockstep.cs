namespace ZmqLoop.Streams;

/// <summary>Whose turn it is on a REQ or REP socket: one message in, one out. They refuse what is out of turn, which is not a failure but a
/// wait. Every other socket may do both at any time.</summary>
internal readonly struct Lockstep(ZMQSocket socket)
{
    /// <summary>True for REQ and REP.</summary>
    public bool IsOn { get; } = socket.Type is SocketType.Req or SocketType.Rep;

    /// <summary>True where asking the socket for a message is not out of turn.</summary>
    public bool MayReceive => !IsOn || (socket.Events & IOEvents.Read) != 0;

    /// <summary>True where giving the socket a message is not out of turn.</summary>
    public bool MaySend => !IsOn || (socket.Events & IOEvents.Write) != 0;
}
