namespace ZmqLoop.LowLevel;

/// <summary>For builders of what owns a socket, such as a stream. Users of sockets need none of it.</summary>
public static class ZMQSocketExtensions
{
    extension(ZMQSocket socket)
    {
        /// <summary>A ROUTER refuses from now on what it cannot route, instead of dropping it in silence
        /// (<see cref="ZMQSocketOptions.RouterMandatory"/>), unless the program has set that option itself, to whatever. The socket's
        /// thread.</summary>
        /// <exception cref="ZMQException">It is no ROUTER.</exception>
        public void RefuseUnroutable() => socket.RefuseUnroutable();

        /// <summary>Looks at a message before it is queued: what an XSUB sends may be a subscription, and one that is too long is refused
        /// by <see cref="ZMQSocket.TrySend"/>, as by <see cref="ZMQSocket.Subscribe(ReadOnlySpan{byte})"/>. Any thread.</summary>
        /// <exception cref="ArgumentException">It has such a subscription.</exception>
        public void VerifySubscriptions(ReadOnlySpan<Frame> frames)
        {
            if (socket.Type == SocketType.XSub) SubscriptionFrames.Verify(socket, frames);
        }

        /// <summary>True where <see cref="VerifySubscriptions"/> throws: for a subscription that a stranger sent. Any thread.</summary>
        public bool RefusesSubscriptions(ReadOnlySpan<Frame> frames) =>
            socket.Type == SocketType.XSub && SubscriptionFrames.FindTooLong(frames) >= 0;

        /// <summary>True where this is an XSUB, and one of several frames would be a subscription to it: a stranger's message that is not
        /// to be passed on, since it would subscribe, or take back, in the name of all. Any thread.</summary>
        public bool FindsHiddenSubscriptions(ReadOnlySpan<Frame> frames) =>
            socket.Type == SocketType.XSub && SubscriptionFrames.HideAmongOthers(frames);

        /// <summary>Right after <see cref="ZMQSocket.TrySend"/> found no room: true where the socket calls itself writable all the same,
        /// since some other peer than the one that counts is (ROUTER, STREAM, XPUB). Waiting until it is writable would spin then; it is
        /// <c>IOEvents.Activity</c> that tells. Asks nothing that would be activity itself. The socket's thread.</summary>
        public bool SaysWritable => socket.SaysWritable;

        /// <summary>Receives no larger messages from now on. One that is larger is read to its end and thrown away, some thousand frames in
        /// each call of a <c>TryReceive</c>, which returns false while that lasts; the socket goes on being readable. The library below has
        /// gathered the whole message by then. Only sockets of libzmq's and NetMQ's engines have such a limit. The socket's
        /// thread.</summary>
        /// <param name="frames">How many a message may have; <see cref="int.MaxValue"/> for any number.</param>
        /// <param name="bytes">How many they may have together; <see cref="long.MaxValue"/> for any number.</param>
        public void LimitMessages(int frames, long bytes) => socket.LimitMessages(frames, bytes);

        /// <summary>Tells, after a <c>TryReceive</c> that returned false, of a message that was thrown away for its size, once. The
        /// socket's thread.</summary>
        /// <returns>False where there was none.</returns>
        public bool TryTakeDropped(out DroppedMessage dropped) => socket.TryTakeDropped(out dropped);
    }
}
