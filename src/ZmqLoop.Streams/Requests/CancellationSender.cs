namespace ZmqLoop.Streams;

/// <summary>Tells servers that nobody waits for an answer any more. Loop's thread.</summary>
/// <param name="stream">Of a DEALER, which gives each message in a row to another server.</param>
/// <param name="servers">How many it may be connected to.</param>
internal sealed class CancellationSender(ZMQStream stream, Func<int> servers)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1); // what a full server hears later is worth little

    /// <summary>How many are on their way to the socket.</summary>
    public int Queued { get; private set; }

    public void Send(ulong number)
    {
        Frame correlation = new CorrelationFrame(number, CorrelationKind.Cancellation, TimeLeft: null).ToFrame();
        using Message message = new(correlation, Frame.Empty);
        try
        {
            NullContext.RunDetached(() =>
            {
                // Each has to hear of it, since nothing says which one has the request; who has not drops it.
                for (int left = Math.Max(1, servers()); left > 0; left--)
                {
                    stream.Send(message, _patience, (_, _) => Queued--);
                    Queued++;
                }
            });
        }
        catch (ObjectDisposedException)
        {
            // closed by somebody else: nobody can be told
        }
    }

    /// <summary>The socket is about to be closed: it sends for as long as it lingers what it takes now.</summary>
    public void Flush()
    {
        if (!stream.IsClosed && stream.SendQueueLength > 0) stream.Flush(IOEvents.Write);
    }
}
