using static ZmqLoop.Dashboard.FindingText;

namespace ZmqLoop.Dashboard;

/// <summary>What is wrong, and what to do about it: each rule has its section in docs/operations.md. Those of streams are
/// <see cref="StreamRule"/>.</summary>
internal static class FindingRules
{
    private const double BlockedSeconds = 1;
    private const double SlowSeconds = 0.1;
    private const double LateSeconds = 0.1;
    private const double HeldUpSeconds = 3;
    private const int ManyCallbacks = 10_000;

    private static readonly TimeSpan _recent = TimeSpan.FromMinutes(1);

    /// <summary>All that is wrong.</summary>
    public static Findings Apply(
        IReadOnlyList<LoopSnapshot> loops, IEnumerable<StreamSnapshot> streams, IReadOnlyList<ProxySnapshot> proxies,
        DateTimeOffset now)
    {
        HashSet<long> blocked = [.. loops.Where(IsBlocked).Select(static loop => loop.Id)];
        List<(Severity, long?, Func<Finding>)> found = [.. loops.SelectMany(loop => OfLoop(loop, now)).Select(Told)];
        foreach (StreamSnapshot stream in streams)
        {
            foreach (StreamRule rule in StreamRule.All)
            {
                if (rule.Judge(stream) is { } severity && !Follows(rule, stream, blocked)) found.Add(ToTell(rule, severity, stream));
            }
        }

        return new Findings([.. found, .. proxies.SelectMany(OfProxy).Select(Told)]);
    }

    /// <summary>Of one loop.</summary>
    private static IEnumerable<Finding> OfLoop(LoopSnapshot loop, DateTimeOffset now)
    {
        bool isBlocked = IsBlocked(loop);
        if (isBlocked)
        {
            yield return new Finding(Severity.Critical, "blocked-loop",
                $"{Of(loop)} has been blocked for {Seconds(loop.Current!.Seconds)} by {loop.Current.Callback}",
                "Nothing else runs on this loop. See what the callback waits for: await instead of waiting, or give it to RunInExecutor.",
                loop.Id);
        }
        else if (loop.Slowest is { Seconds: >= SlowSeconds and < BlockedSeconds } slow)
        {
            yield return new Finding(Severity.Warning, "slow-callback",
                $"A callback of {Of(loop, inSentence: true)} runs for {Seconds(slow.Seconds)} and more at a time{Often(slow)}: "
                    + slow.Callback,
                "All others wait meanwhile. Make it shorter, or give the work to RunInExecutor, or await it.", loop.Id, slow.Stream);
        }

        if (!isBlocked && loop.Blocks.FirstOrDefault(block => WasRecent(block, now)) is { } block)
        {
            yield return new Finding(Severity.Warning, "blocked-loop",
                $"{Of(loop)} was blocked for {Seconds(block.Seconds)} in the last minute, by {block.Callback}",
                "See what the callback waits for: await instead of waiting, or give it to RunInExecutor.", loop.Id);
        }

        if (!isBlocked && loop.LagSeconds >= LateSeconds)
        {
            yield return new Finding(Severity.Warning, "late-timers",
                $"Timers of {Of(loop, inSentence: true)} are late by {Seconds(loop.LagSeconds)}",
                "Something keeps the loop from getting round: a slow callback, or more work than it can do.", loop.Id);
        }

        if (loop.Callbacks >= ManyCallbacks)
        {
            yield return new Finding(Severity.Warning, "many-callbacks",
                $"{Number(loop.Callbacks)} callbacks wait on {Of(loop, inSentence: true)}",
                "They come faster than they run. Whoever posts them should wait for those before, or there should be fewer.", loop.Id);
        }
    }

    /// <summary>Of one proxy.</summary>
    private static IEnumerable<Finding> OfProxy(ProxySnapshot proxy)
    {
        if (proxy.HeldUpSeconds >= HeldUpSeconds)
        {
            yield return new Finding(Severity.Warning, "held-up-proxy",
                $"{proxy.Title} has been held up for {Seconds(proxy.HeldUpSeconds.Value)}: one side has no room for what the other brings",
                "See whether those who should receive are there, and read.", proxy.Loop);
        }
    }

    private static (Severity, long?, Func<Finding>) Told(Finding finding) => (finding.Severity, finding.Stream, () => finding);

    private static (Severity, long?, Func<Finding>) ToTell(StreamRule rule, Severity severity, StreamSnapshot stream) =>
        (severity, stream.Id, () => rule.Tell(severity, stream));

    /// <summary>Nothing comes to a stream whose loop is blocked, which is told of already.</summary>
    private static bool Follows(StreamRule rule, StreamSnapshot stream, HashSet<long> blocked) =>
        rule.Name == "stale-subscriber" && blocked.Contains(stream.Loop);

    /// <summary>Streams may be called as their loops are.</summary>
    private static string Of(LoopSnapshot loop, bool inSentence = false) => $"{(inSentence ? "loop" : "Loop")} {loop.Name ?? $"{loop.Id}"}";

    private static string Often(CallbackSnapshot callback) =>
        callback.Share is { } share ? FormattableString.Invariant($", {share * 100:0} % of the time") : "";

    private static bool IsBlocked(LoopSnapshot loop) => loop.Current is { Seconds: >= BlockedSeconds };

    private static bool WasRecent(BlockSnapshot block, DateTimeOffset now) =>
        block.IsOver && now - block.Since - TimeSpan.FromSeconds(block.Seconds) <= _recent;
}
