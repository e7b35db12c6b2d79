using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace ZmqLoop;

/// <summary>Something that can become ready: a ZeroMQ socket, a plain socket, or a raw file descriptor.</summary>
/// <remarks>Converts implicitly from each of the three, so that <c>AddHandler</c> has one signature, as in tornado.</remarks>
public readonly struct PollSource : IEquatable<PollSource>
{
    private readonly object? _source;

    private PollSource(object source) => _source = source;

    /// <summary>The ZeroMQ socket, or null where the source is something else.</summary>
    public ZMQSocket? ZMQSocket => _source as ZMQSocket;

    /// <summary>The plain socket, or null where the source is something else.</summary>
    public Socket? Socket => _source as Socket;

    /// <summary>The file descriptor of a plain socket or of a raw descriptor; -1 for a ZeroMQ socket and for a closed one.</summary>
    public int FileDescriptor => _source switch
    {
        int descriptor => descriptor,
        Socket { SafeHandle.IsClosed: false } socket => (int)socket.Handle,
        _ => -1,
    };

    /// <summary>True for <c>default</c>, which names nothing.</summary>
    public bool IsEmpty => _source is null;

    /// <summary>A source for a ZeroMQ socket.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="socket"/> is null.</exception>
    public static PollSource FromZMQSocket(ZMQSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return new PollSource(socket);
    }

    /// <summary>A source for a plain socket.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="socket"/> is null.</exception>
    public static PollSource FromSocket(Socket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return new PollSource(socket);
    }

    /// <summary>A source for a raw file descriptor, where the engine can poll one (libzmq on Unix can).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="fileDescriptor"/> is negative.</exception>
    public static PollSource FromFileDescriptor(int fileDescriptor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fileDescriptor);
        return new PollSource(fileDescriptor);
    }

    /// <inheritdoc cref="FromZMQSocket"/>
    public static implicit operator PollSource(ZMQSocket socket) => FromZMQSocket(socket);

    /// <inheritdoc cref="FromSocket"/>
    public static implicit operator PollSource(Socket socket) => FromSocket(socket);

    /// <inheritdoc cref="FromFileDescriptor"/>
    public static implicit operator PollSource(int fileDescriptor) => FromFileDescriptor(fileDescriptor);

    /// <summary>Sources are the same when they are the same socket object or the same number.</summary>
    public bool Equals(PollSource other) => _source is int number
        ? other._source is int otherNumber && number == otherNumber
        : ReferenceEquals(_source, other._source);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is PollSource other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _source switch
    {
        null => 0,
        int descriptor => descriptor,
        _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_source),
    };

    /// <summary>Same source.</summary>
    public static bool operator ==(PollSource left, PollSource right) => left.Equals(right);

    /// <summary>Different sources.</summary>
    public static bool operator !=(PollSource left, PollSource right) => !left.Equals(right);

    /// <summary>A short name for error messages and logs.</summary>
    public override string ToString() => _source switch
    {
        null => "nothing",
        int descriptor => $"file descriptor {descriptor}",
        Socket socket => $"{socket.SocketType} socket (fd {FileDescriptor})",
        _ => _source.ToString() ?? _source.GetType().Name,
    };
}
