using NetMQ;
using ZmqLoop.Guard;

namespace ZmqLoop;

public sealed partial class NetMQSocketAdapter
{
    /// <summary>NetMQ's publishers look into a subscription with one call inside the other for each byte of it: 64 KiB of them are more
    /// than a stack of 8 MiB holds, and that ends the process.</summary>
    private const long MaxSubscription = 4096;

    private static bool _toldOfStanding;

    private bool _isWarned;

    /// <summary>A limit on what a peer may announce, unless the socket has one.</summary>
    private void TakeLimit(bool ours)
    {
        if (_socket.Options.MaxMsgSize >= 0) return;
        long? limit = _engine.MaxMessageSize;
        if (Type is SocketType.Pub or SocketType.XPub) limit = Math.Min(limit ?? MaxSubscription, MaxSubscription);
        if (limit is not { } bytes) return;
        _socket.Options.MaxMsgSize = bytes;
        if (ours || Endpoints.All(static endpoint => endpoint.StartsWith(Inproc, StringComparison.Ordinal))) return;
        if (_core is not null && IOThreadGuard.Limit(_core, bytes)) return;
        IOThreadGuard.WarnOnce(ref _toldOfStanding,
            $"Connections that {this} has already take messages of any length, since their limit cannot be reached here. Set "
            + "Options.MaxMsgSize before you bind or connect a NetMQ socket, or do that after it has come to the loop", _engine.Logger);
    }

    /// <summary>Somebody wants a limit of this many bytes, or has set it; -1 is none.</summary>
    private void WarnOfLimit(long bytes)
    {
        bool isPublisher = Type is SocketType.Pub or SocketType.XPub;
        if (_isWarned || (bytes >= 0 && !(isPublisher && bytes > MaxSubscription))) return;
        _isWarned = true;
        string danger = isPublisher
            ? $"{this} takes subscriptions of {(bytes < 0 ? "any length" : $"{bytes} bytes")}: a long one overflows the stack, "
                + $"which ends the process and cannot be caught. Set MaxMessageSize to {MaxSubscription} or less"
            : $"{this} takes messages of any length (MaxMessageSize is -1): each connection can have 2 GiB allocated by announcing them, "
                + "and without a guard eleven bytes end the process. Set MaxMessageSize to what you need";
        IOThreadGuard.Warn(danger, _engine.Logger);
    }

    /// <summary>NetMQ lets the peer choose whether there is encryption.</summary>
    /// <exception cref="ZMQException">The engine does not allow CURVE.</exception>
    private void DemandCurve(string what)
    {
        if (_engine.AllowUnenforcedCurve) return;
        throw new ZMQException(ZMQErrorCode.NotSupported, 0, "ENOTSUP", $"{what}: NetMQ does not enforce CURVE. A server takes plain text "
            + "from a peer that says it speaks ZMTP 1.0 or 2.0, and a client sends plain text to a server that does, so that it protects "
            + "against those who only listen. Where it has to protect, use the engine of ZmqLoop.LibZmq; where you know this, set "
            + "NetMQEngineOptions.AllowUnenforcedCurve (ENOTSUP).");
    }

    private static bool HasCurve(NetMQSocket socket) =>
        socket.Options.CurveServer || socket.Options.CurveServerKey?.AsSpan().ContainsAnyExcept((byte)0) == true;
}
