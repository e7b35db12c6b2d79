using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams;

/// <summary>The streams of the process: one for each socket. Any thread.</summary>
internal static class StreamRegistry
{
    private static readonly ConditionalWeakTable<ZMQSocket, StreamRoot> _roots = [];

    static StreamRegistry() => ProcessExit.Ending += static callbacks =>
        Lives().ForEach(life => life.EndWithProcess(callbacks)); // also those that are being closed, on threads of their own

    /// <summary>Gives a socket to a stream.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="life">The stream's.</param>
    /// <param name="register">Has the loop watch the socket; where it throws, nothing has changed.</param>
    /// <exception cref="InvalidOperationException">The socket belongs to another stream.</exception>
    public static StreamRoot Take(ZMQSocket socket, StreamLife life, Action<StreamRoot> register)
    {
        lock (_roots)
        {
            if (OwnerOf(socket) is { } other)
            {
                throw new InvalidOperationException($"The socket belongs to another stream already: {other.Owner}. A socket has one "
                    + "stream: use that one, or close it first, which closes the socket, too, and make another.");
            }

            StreamRoot root = new(life);
            register(root);
            _roots.AddOrUpdate(socket, root);
            return root;
        }
    }

    /// <summary>Throws where a stream on another loop has the socket: two threads would use it.</summary>
    /// <exception cref="InvalidOperationException">It has; the message names stream and loop.</exception>
    public static void VerifyNotElsewhere(ZMQSocket socket, IOLoop loop)
    {
        lock (_roots)
        {
            if (OwnerOf(socket) is { } other && !ReferenceEquals(other.Loop, loop))
            {
                throw new InvalidOperationException(
                    $"The socket belongs to a stream on another loop, {other.Loop}, and is used on that loop's thread: {other.Owner}. "
                    + "Close the stream, with LeaveOpen, before you give its socket away.");
            }
        }
    }

    /// <summary>The socket is this stream's no more; another stream may have an open socket by now.</summary>
    public static void Release(ZMQSocket socket, StreamRoot root)
    {
        lock (_roots)
        {
            if (_roots.TryGetValue(socket, out StreamRoot? present) && ReferenceEquals(present, root)) _roots.Remove(socket);
        }
    }

    /// <summary>The life of the stream that has a socket and is not closed; null where there is none.</summary>
    public static StreamLife? Find(ZMQSocket socket)
    {
        lock (_roots) return OwnerOf(socket);
    }

    /// <summary>The lives of the streams that are not closed.</summary>
    public static List<StreamLife> Open() => Lives().FindAll(static life => life.State != StreamState.Closed);

    /// <summary>The lives of the streams that have their sockets still.</summary>
    private static List<StreamLife> Lives()
    {
        List<StreamLife> lives = [];
        lock (_roots)
        {
            foreach ((_, StreamRoot root) in _roots)
            {
                if (root.Life is { } life) lives.Add(life);
            }
        }

        return lives;
    }

    /// <summary>The stream that has a socket and is not closed. Under the lock.</summary>
    private static StreamLife? OwnerOf(ZMQSocket socket) =>
        _roots.TryGetValue(socket, out StreamRoot? root) && root.Life is { State: not StreamState.Closed } life ? life : null;
}
