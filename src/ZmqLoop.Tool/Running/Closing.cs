using ZmqLoop.Streams;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Running;

/// <summary>The end of a command's stream.</summary>
internal static class Closing
{
    /// <summary>Takes what has come, where the run was ended by a signal; sends what waits, for as long as --linger says; and tells what
    /// was left.</summary>
    public static async Task CloseAsync(this ZMQStream stream, Session session, Flow flow, TimeSpan linger)
    {
        if (stream.IsClosed) return;
        bool isCut = session.Stopping.IsCancellationRequested && !session.Output.Broken.IsCancellationRequested;
        bool mayHaveMore = isCut && stream.IsReceiving && stream.Socket.Type != SocketType.Sub;
        long queued = stream.SendQueueLength;
        TimeSpan drain = flow.IsLate ? TimeSpan.Zero : linger;
        if (mayHaveMore) await stream.FinishAsync(drain);
        else await stream.CloseAsync(drain);
        if (isCut && queued > 0 && stream.SendQueueLength is > 0 and var left)
            session.Warn($"{Units.Count(left)} messages were not sent: nobody took them within {Units.Seconds(linger.TotalSeconds)}");
    }
}
