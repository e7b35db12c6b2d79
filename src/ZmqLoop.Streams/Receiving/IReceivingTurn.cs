namespace ZmqLoop.Streams;

/// <summary>What the receiving parts ask of the stream's turn. Loop's thread.</summary>
internal interface IReceivingTurn
{
    /// <summary>What waits for whoever asks; null where nobody ever has. Any thread.</summary>
    Inbox? Inbox { get; }

    /// <summary>Messages go to a callback from now on, and nobody may ask for them.</summary>
    /// <exception cref="InvalidOperationException">Somebody does; nothing has changed.</exception>
    void GiveToCallback();

    /// <summary>They do no more.</summary>
    void TakeFromCallback();

    /// <summary>Somebody waits for something that nobody waited for before, or nobody does any more. Any thread.</summary>
    void Demand();

    /// <summary>Other messages are wanted than before, or none; in a turn its end looks by itself.</summary>
    void UpdateInterest();

    /// <summary>There is a callback for what lies in the inbox: it gets it soon, in a turn of the stream's own.</summary>
    void ScheduleDelivery();

    /// <summary>An async handler has ended: there may be room for the next message, and a drain may have waited for it.</summary>
    void AfterHandler();

    /// <summary>A callback has thrown: where that leaves a REP without an answer, it gets one, and with it the next request.</summary>
    void AnswerFailure(Message request, Exception error);

    /// <summary>A REQ or REP received a message that was too large: a REP answers it, on a REQ it was the answer.</summary>
    void AfterDrop();
}
