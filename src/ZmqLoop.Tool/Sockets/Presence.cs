using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Sockets;

/// <summary>Whether somebody is there to talk to. Says it once where somebody is who cannot be talked to. Loop's thread.</summary>
/// <remarks>ZMQ_IMMEDIATE would tell as well, and throws away what a peer has sent, unread, when it goes.</remarks>
internal sealed class Presence
{
    private readonly TaskCompletionSource _there = new();
    private readonly Session _session;
    private bool _hasFailed;

    /// <param name="session">The run.</param>
    /// <param name="socket">Not bound nor connected yet.</param>
    public Presence(Session session, ZMQSocket socket)
    {
        _session = session;
        SocketMonitor monitor = new(socket, session.Loop);
        session.Opened(monitor); // which would keep libzmq from ending
        // A connection is no peer before its handshake, of which NetMQ does not tell.
        ZMQSocketEvents there = session.Engine.AsksAuthenticators
            ? ZMQSocketEvents.HandshakeSucceeded : ZMQSocketEvents.Connected | ZMQSocketEvents.Accepted;
        monitor.OnEvent(occurred =>
        {
            if ((occurred.Event & there) != 0) _there.TrySetResult();
            else if (occurred.Event is ZMQSocketEvents.HandshakeFailedAuth or ZMQSocketEvents.HandshakeFailedNoDetail
                or ZMQSocketEvents.HandshakeFailedProtocol) Tell(occurred);
        });
    }

    /// <summary>Waits for the first peer.</summary>
    /// <returns>False where none came in time.</returns>
    public async Task<bool> WaitAsync(Flow flow)
    {
        TimeoutHandle hint = _session.Loop.CallLater(1, () => _session.Note("waiting for somebody to send to"));
        try
        {
            await _there.Task.WaitAsync(flow.Ending);
            flow.Touch();
            return true;
        }
        catch (OperationCanceledException) when (flow.IsLate)
        {
            _session.Warn("nothing was sent: nobody is there");
            return false;
        }
        finally
        {
            _session.Loop.RemoveTimeout(hint);
        }
    }

    private void Tell(SocketEvent failure)
    {
        if (_hasFailed) return; // it is tried again and again
        _hasFailed = true;
        _session.Warn($"the handshake with {failure.Endpoint} failed ({failure.Reason}): wrong keys or password, none where some are "
            + "needed, or a type of socket that does not go with this one");
    }
}
