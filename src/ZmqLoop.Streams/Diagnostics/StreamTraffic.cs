namespace ZmqLoop.Streams;

/// <summary>What went through one stream: counted here for whoever asks, once a turn, and told to the meter. Loop's thread writes; any
/// reads.</summary>
internal sealed class StreamTraffic(StreamMeter meter, TimeProvider clock)
{
    private long _received;
    private long _receivedBytes;
    private long _receivedAt;
    private long _sent;
    private long _sentBytes;
    private long _refused;

    /// <summary>What was counted.</summary>
    public StreamStatistics Counts
    {
        get
        {
            long received = Volatile.Read(ref _received);
            return new StreamStatistics
            {
                Received = received,
                ReceivedBytes = Volatile.Read(ref _receivedBytes),
                SinceReceived = received == 0 ? null : clock.GetElapsedTime(Volatile.Read(ref _receivedAt)),
                Sent = Volatile.Read(ref _sent),
                SentBytes = Volatile.Read(ref _sentBytes),
                Refused = Volatile.Read(ref _refused),
            };
        }
    }

    /// <param name="messages">How many.</param>
    /// <param name="bytes">Their bytes.</param>
    /// <param name="timestamp">When that turn began, by the loop's clock.</param>
    public void AddReceived(int messages, long bytes, long timestamp)
    {
        if (messages == 0) return;
        Volatile.Write(ref _receivedAt, timestamp); // before they are counted
        Volatile.Write(ref _received, _received + messages);
        Volatile.Write(ref _receivedBytes, _receivedBytes + bytes);
        meter.AddReceived(messages, bytes);
    }

    public void AddSent(int messages, long bytes)
    {
        if (messages == 0) return;
        Volatile.Write(ref _sent, _sent + messages);
        Volatile.Write(ref _sentBytes, _sentBytes + bytes);
        meter.AddSent(messages, bytes);
    }

    public void AddRefused(Exception error)
    {
        Volatile.Write(ref _refused, _refused + 1);
        meter.AddRefused(error);
    }
}
