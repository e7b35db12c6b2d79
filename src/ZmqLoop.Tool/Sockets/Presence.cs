using ZmqLoop.Streams;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Sockets;

/// <summary>Whether somebody is there to send to. Loop's thread.</summary>
/// <remarks>ZMQ_IMMEDIATE would tell as well, and throws away what a peer has sent, unread, when it goes.</remarks>
internal sealed class Presence
{
    private readonly TaskCompletionSource _there = new();

    /// <param name="session">The run.</param>
    /// <param name="socket">Not bound nor connected yet.</param>
    public Presence(Session session, ZMQSocket socket)
    {
        SocketMonitor monitor = new(socket, session.Loop);
        session.Opened(monitor); // which would keep libzmq from ending
        monitor.OnEvent(_ =>
        {
            if (monitor.Statistics.Open > 0) _there.TrySetResult();
        });
    }

    /// <summary>Waits for the first peer.</summary>
    /// <returns>False where none came in time.</returns>
    public async Task<bool> WaitAsync(Session session, Flow flow)
    {
        TimeoutHandle hint = session.Loop.CallLater(1, () => session.Note("waiting for somebody to send to"));
        try
        {
            await _there.Task.WaitAsync(flow.Ending);
            flow.Touch();
            return true;
        }
        catch (OperationCanceledException) when (flow.IsLate)
        {
            session.Warn("nothing was sent: nobody is there");
            return false;
        }
        finally
        {
            session.Loop.RemoveTimeout(hint);
        }
    }
}
