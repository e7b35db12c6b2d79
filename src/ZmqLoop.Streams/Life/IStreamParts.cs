namespace ZmqLoop.Streams;

/// <summary>What a stream's life asks of the stream's parts. Loop's thread, but where it says otherwise.</summary>
internal interface IStreamParts
{
    /// <summary>True while async handlers are under way, which may still answer.</summary>
    bool HasHandlers { get; }

    /// <summary>How many messages wait to be sent. Any thread.</summary>
    int Unsent { get; }

    /// <summary>There were messages to send: they wait, or may be on their way still. Any thread.</summary>
    bool HasSent { get; }

    /// <summary>The loop was closed, and does not send what waits: who wants that sent holds the stream. Any thread.</summary>
    void ForgetUnsent();

    /// <summary>The socket is ready, or was closed.</summary>
    void HandleEvents(IOEvents events);

    /// <summary>Nobody gets a message any more: whoever waits hears of it, and handlers under way are asked to come to their end.</summary>
    void StopReceiving();

    /// <summary>Whoever waits for a message, or polls, hears that the stream is closed. Any thread.</summary>
    void EndWaits();

    /// <summary>Sends from the queue now, as much as a turn may.</summary>
    void SendNow();

    /// <summary>Sends from the queue now, all that the socket takes.</summary>
    void SendAll();

    /// <summary>A drain has waited for handlers for so long, and waits no more.</summary>
    void GiveUpHandlers(TimeSpan drain);

    /// <summary>The stream is closed: gives up what is queued, and tells its senders; handlers that are left are looked after no
    /// more.</summary>
    /// <param name="why">Why it was not sent, for those who did not ask.</param>
    void End(string why);
}
