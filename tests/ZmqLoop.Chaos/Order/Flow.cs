namespace ZmqLoop.Chaos.Order;

/// <summary>Looks on while messages flow.</summary>
internal static class Flow
{
    private const double Patience = 15;

    /// <summary>Until it is to end; where nothing comes for long, that is a hang.</summary>
    public static void Watch(Arena arena, SequenceCheck check, Func<long> sent, Func<long, bool> goesOn, Action? meanwhile = null)
    {
        long last = -1;
        long since = TimeProvider.System.GetTimestamp();
        while (goesOn(check.Received))
        {
            if (meanwhile is null) Pause.For(0.01);
            else meanwhile();
            arena.Tell(arena.Result.Count + check.Received);
            if (check.Received != last)
            {
                last = check.Received;
                since = TimeProvider.System.GetTimestamp();
            }
            else if (TimeProvider.System.GetElapsedTime(since).TotalSeconds > Patience)
            {
                arena.Result.Hung++;
                arena.Fail($"Nothing came for {Patience} s, after {last} of {sent()} messages.");
                return;
            }
        }
    }

    /// <summary>Until all has come that was sent.</summary>
    public static void Drain(Arena arena, SequenceCheck check, Func<long> sent)
    {
        if (!Pause.Until(() => check.Received >= sent(), Patience))
            arena.Fail($"{check.Received} of {sent()} messages came.");
    }
}
