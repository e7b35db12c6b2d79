using System.Diagnostics;

namespace ZmqLoop;

/// <summary>What says for how long something may run, and who is told of it.</summary>
/// <param name="Threshold">How long.</param>
/// <param name="Blocked">Told while it runs.</param>
/// <param name="Over">Told when it is over, with the whole time; or null.</param>
/// <param name="InDebugger">Whether time counts that may have passed in a debugger.</param>
internal sealed record BlockingWatch(TimeSpan Threshold, Action<BlockedCallback> Blocked, Action<BlockedCallback>? Over, bool InDebugger)
{
    private const int LooksInThreshold = 10;

    /// <summary>How long from one look to the next: a report is that late at most.</summary>
    public TimeSpan Period { get; } = TimeSpan.FromMilliseconds(Math.Clamp(Threshold.TotalMilliseconds / LooksInThreshold, 1, 60_000));

    public bool IsOn => InDebugger || !Debugger.IsAttached;
}
