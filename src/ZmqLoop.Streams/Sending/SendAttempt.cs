namespace ZmqLoop.Streams;

/// <summary>One attempt to send, for whoever has to know what was in the way.</summary>
internal static class SendAttempt
{
    /// <summary>Gives a message to a socket.</summary>
    /// <returns><see cref="SendObstacle.None"/> where the socket took it.</returns>
    public static SendObstacle Offer(this ZMQSocket socket, Message message) =>
        socket.TrySend(message) ? SendObstacle.None : socket.SaysWritable ? SendObstacle.PeerWithoutRoom : SendObstacle.NoRoom;
}
