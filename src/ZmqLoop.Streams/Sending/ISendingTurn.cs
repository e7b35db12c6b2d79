namespace ZmqLoop.Streams;

/// <summary>What the sending parts ask of the stream's turn.</summary>
internal interface ISendingTurn
{
    /// <summary>A message was queued: it is sent soon, at the end of the turn in progress or in one of its own. Any thread.</summary>
    void ScheduleFlush();

    /// <summary>As <see cref="ScheduleFlush"/>, also where the queue waits for room: senders are to be told, or timers to be set. Any
    /// thread.</summary>
    void SpawnFlush();

    /// <summary>A message has left the queue outside of a turn. Loop's thread.</summary>
    void AfterExpiry();

    /// <summary>A REQ has refused a request that was out of turn for good: nobody gets an answer to it. Loop's thread.</summary>
    void AfterRefusal(Exception refusal);
}
