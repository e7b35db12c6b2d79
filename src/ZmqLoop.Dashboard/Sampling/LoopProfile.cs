namespace ZmqLoop.Dashboard;

/// <summary>What the looks at a loop found that it ran, in the last ten seconds: a profiler of ten samples a second.</summary>
internal sealed class LoopProfile
{
    private const int Length = 100;

    private readonly (object? Callback, CallbackSnapshot? Seen)[] _looks = new (object?, CallbackSnapshot?)[Length];
    private int _count;

    /// <summary>In how many of the looks it ran something, from 0 to 1; null before there were some.</summary>
    public double? Busy =>
        _count < 5 ? null : Math.Round((double)Looks.Count(static look => look.Seen is not null) / Math.Min(_count, Length), 2);

    /// <summary>What was found most often, and for how long at a time at most.</summary>
    public CallbackSnapshot? Busiest
    {
        get
        {
            if (Looks.Where(static look => look.Seen is not null).GroupBy(static look => look.Callback)
                .MaxBy(static group => group.Count()) is not { } busiest) return null;
            return Counted(busiest.MaxBy(static look => look.Seen!.Seconds));
        }
    }

    /// <summary>What was found running for longest.</summary>
    public CallbackSnapshot? Slowest => Looks.Any() ? Counted(Looks.MaxBy(static look => look.Seen?.Seconds ?? -1)) : null;

    private IEnumerable<(object? Callback, CallbackSnapshot? Seen)> Looks => _looks.Take(Math.Min(_count, Length));

    private CallbackSnapshot? Counted((object? Callback, CallbackSnapshot? Seen) found) => found.Seen is null ? null : found.Seen with
    {
        Share = Math.Round((double)Looks.Count(look => look.Seen is not null && Equals(look.Callback, found.Callback)) / Looks.Count(), 2),
    };

    /// <summary>One look.</summary>
    /// <param name="callback">By what it is known again, which keeps nobody's objects.</param>
    /// <param name="seen">What was found; null for nothing.</param>
    public void Add(object? callback, CallbackSnapshot? seen) => _looks[_count++ % Length] = (callback, seen);
}
