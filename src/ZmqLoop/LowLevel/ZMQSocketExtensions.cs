namespace ZmqLoop.LowLevel;

/// <summary>For builders of what owns a socket and sends on it, such as a stream. Users of sockets need none of it.</summary>
public static class ZMQSocketExtensions
{
    extension(ZMQSocket socket)
    {
        /// <summary>A ROUTER refuses from now on what it cannot route, instead of dropping it in silence
        /// (<see cref="ZMQSocketOptions.RouterMandatory"/>), unless the program has set that option itself, to whatever. The socket's
        /// thread.</summary>
        /// <exception cref="ZMQException">It is no ROUTER.</exception>
        public void RefuseUnroutable() => socket.RefuseUnroutable();

        /// <summary>Right after <see cref="ZMQSocket.TrySend"/> found no room: true where the socket calls itself writable all the same,
        /// since some other peer than the one that counts is (ROUTER, STREAM, XPUB). Waiting until it is writable would spin then; it is
        /// <c>IOEvents.Activity</c> that tells. Asks nothing that would be activity itself. The socket's thread.</summary>
        public bool SaysWritable => socket.SaysWritable;
    }
}
