namespace ZmqLoop.LowLevel;

/// <summary>For those who wait for what no readiness tells.</summary>
public static class ActivityExtensions
{
    extension(IOEvents)
    {
        /// <summary>
        /// To be asked for, and reported, beside <see cref="IOEvents.Read"/> and <see cref="IOEvents.Write"/> of a ZeroMQ socket: something
        /// may have happened on it, whether or not it is ready for anything. That a peer has room again, or has gone, is not told in any
        /// other way by a socket that always calls itself writable (ROUTER, STREAM, XPUB).
        /// </summary>
        /// <remarks>Reported once after something came to the socket, after it began to be asked for, and after anybody used the socket,
        /// but for a send that found no room, so that trying again in vain is not news. A poller whose library gives no sign to wait for
        /// reports it every few milliseconds instead.</remarks>
        public static IOEvents Activity => SocketActivity.Bit;
    }
}
