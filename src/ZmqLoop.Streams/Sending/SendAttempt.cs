namespace ZmqLoop.Streams;

/// <summary>One attempt to send, for whoever has to know what was in the way.</summary>
internal static class SendAttempt
{
    /// <summary>Gives a message to a socket.</summary>
    /// <returns><see cref="SendObstacle.None"/> where the socket took it.</returns>
    public static SendObstacle Offer(this ZMQSocket socket, Message message) =>
        socket.TrySend(message) ? SendObstacle.None : OfferAgain(socket, message);

    private static SendObstacle OfferAgain(ZMQSocket socket, Message message)
    {
        bool saysWritable = (socket.Events & IOEvents.Write) != 0;
        if (!saysWritable && socket.Type is not (SocketType.Router or SocketType.Stream)) return SendObstacle.NoRoom;

        // Some (ROUTER, XPUB, STREAM) say that they are writable even where the peer that counts is not. Once more, since others may have
        // become so just now; and it is a try that comes last, since only that is no activity (of which is told who waits for a peer).
        if (socket.TrySend(message)) return SendObstacle.None;
        return saysWritable ? SendObstacle.PeerWithoutRoom : SendObstacle.NoRoom;
    }
}
