using ZmqLoop.Streams;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Running;

/// <summary>The end of a command's stream.</summary>
internal static class Closing
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes what has come, where the run was ended by a signal; sends what waits, for as long as --linger says; and tells what
    /// was left.</summary>
    /// <remarks>What the socket has taken goes on for the rest of that time, at the end of the process, which says what was left of
    /// it.</remarks>
    public static async Task CloseAsync(this ZMQStream stream, Session session, Flow flow, TimeSpan linger)
    {
        if (stream.IsClosed) return;
        double end = session.Loop.Time() + linger.TotalSeconds;
        bool isCut = session.Stopping.IsCancellationRequested && !session.Output.Broken.IsCancellationRequested;
        bool mayHaveMore = isCut && stream.IsReceiving && stream.Socket.Type != SocketType.Sub;
        if (flow.IsLate) stream.Close(linger); // what was not taken has been told of
        else if (mayHaveMore) await stream.FinishAsync(linger, () => DrainAsync(stream, session, linger, end));
        else await DrainAsync(stream, session, linger, end);
    }

    private static async Task DrainAsync(ZMQStream stream, Session session, TimeSpan linger, double end)
    {
        TimeoutHandle hint = session.Loop.CallLater(0.5,
            () => session.Note($"{Count(stream)} to be sent, for {Units.Seconds(Left())} at most; a second signal ends it at once"));
        while (stream.SendQueueLength + stream.HandlersRunning > 0 && Left() > 0) await session.Loop.Delay(_pause);
        session.Loop.RemoveTimeout(hint);
        string time = linger == TimeSpan.Zero ? "--linger 0 waits for nothing" : $"{Units.Seconds(linger.TotalSeconds)} were not enough";
        if (stream.SendQueueLength > 0)
            session.Warn($"{Count(stream)} and will not be sent, and what the socket had taken before may be lost as well: {time}");
        stream.Close(TimeSpan.FromSeconds(Left()));

        double Left() => Math.Max(end - session.Loop.Time(), 0);
    }

    private static string Count(ZMQStream stream) =>
        stream.SendQueueLength == 1 ? "1 message waits" : $"{Units.Count(stream.SendQueueLength)} messages wait";
}
