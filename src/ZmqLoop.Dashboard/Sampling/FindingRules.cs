using System.Globalization;

namespace ZmqLoop.Dashboard;

/// <summary>What is wrong, and what to do about it: each rule has its section in docs/operations.md.</summary>
internal static class FindingRules
{
    private const double BlockedSeconds = 1;
    private const double SlowSeconds = 0.1;
    private const double LateSeconds = 0.1;
    private const double StuckSeconds = 10; // where the stream does not say
    private const double QuietSeconds = 30;
    private const double HeldUpSeconds = 3;
    private const int ManyCallbacks = 10_000;
    private const int FlapsOften = 3;
    private const int RetriesOften = 3;

    private static readonly TimeSpan _recent = TimeSpan.FromMinutes(1);

    /// <summary>The worst first.</summary>
    public static IReadOnlyList<Finding> Apply(
        IReadOnlyList<LoopSnapshot> loops, IReadOnlyList<StreamSnapshot> streams, IReadOnlyList<ProxySnapshot> proxies,
        DateTimeOffset now)
    {
        HashSet<long> blocked = [.. loops.Where(IsBlocked).Select(static loop => loop.Id)];
        return [.. loops.SelectMany(loop => OfLoop(loop, now))
            .Concat(streams.SelectMany(OfStream).Where(finding => !Follows(finding, blocked)))
            .Concat(proxies.SelectMany(OfProxy))
            .OrderBy(static finding => finding.Severity)];
    }

    /// <summary>Of one loop.</summary>
    public static IEnumerable<Finding> OfLoop(LoopSnapshot loop, DateTimeOffset now)
    {
        bool isBlocked = IsBlocked(loop);
        if (isBlocked)
        {
            yield return new Finding(Severity.Critical, "blocked-loop",
                $"{Of(loop)} has been blocked for {Seconds(loop.Current!.Seconds)} by {loop.Current.Callback}",
                "Nothing else runs on this loop. See what the callback waits for: await instead of waiting, or give it to RunInExecutor.",
                loop.Id);
        }
        else if (loop.Busiest is { Seconds: >= SlowSeconds } slow && slow.Seconds < BlockedSeconds)
        {
            yield return new Finding(Severity.Warning, "slow-callback",
                $"A callback of {Of(loop, inSentence: true)} runs for {Seconds(slow.Seconds)} and more at a time: {slow.Callback}",
                "All others wait meanwhile. Make it shorter, or give the work to RunInExecutor, or await it.", loop.Id);
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

    /// <summary>Of one stream.</summary>
    public static IEnumerable<Finding> OfStream(StreamSnapshot stream) =>
        OfHandlers(stream).Concat(OfQueue(stream)).Concat(OfPeers(stream)).Concat(OfLosses(stream)).Concat(OfSubscriber(stream));

    /// <summary>Of one proxy.</summary>
    public static IEnumerable<Finding> OfProxy(ProxySnapshot proxy)
    {
        if (proxy.HeldUpSeconds >= HeldUpSeconds)
        {
            yield return new Finding(Severity.Warning, "held-up-proxy",
                $"{proxy.Title} has been held up for {Seconds(proxy.HeldUpSeconds.Value)}: one side has no room for what the other brings",
                "See whether those who should receive are there, and read.", proxy.Loop);
        }
    }

    /// <summary>Nothing comes to a stream whose loop is blocked, which is told of already.</summary>
    private static bool Follows(Finding finding, HashSet<long> blocked) =>
        finding.Rule == "stale-subscriber" && blocked.Contains(finding.Loop!.Value);

    /// <summary>Streams may be called as their loops are.</summary>
    private static string Of(LoopSnapshot loop, bool inSentence = false) => $"{(inSentence ? "loop" : "Loop")} {loop.Name ?? $"{loop.Id}"}";

    private static bool IsBlocked(LoopSnapshot loop) => loop.Current is { Seconds: >= BlockedSeconds };

    private static bool WasRecent(BlockSnapshot block, DateTimeOffset now) =>
        block.IsOver && now - block.Since - TimeSpan.FromSeconds(block.Seconds) <= _recent;

    private static IEnumerable<Finding> OfHandlers(StreamSnapshot stream)
    {
        if (!(stream.OldestHandlerSeconds >= (stream.HandlerWarningSeconds ?? StuckSeconds))) yield break;
        bool isFull = stream.Handlers >= stream.MaxConcurrency;
        string places = isFull ? "no other message is handled meanwhile" : $"{stream.Handlers} of {stream.MaxConcurrency} places are taken";
        yield return new Finding(isFull ? Severity.Critical : Severity.Warning, "stuck-handler",
            $"A handler of {stream.Title} has been running for {Seconds(stream.OldestHandlerSeconds.Value)}, and {places}: "
            + stream.OldestHandler,
            "See what it awaits. HandlerTimeout cancels its token after a time; MaxConcurrency lets others run beside it.",
            stream.Loop, stream.Id);
    }

    private static IEnumerable<Finding> OfQueue(StreamSnapshot stream)
    {
        if (stream.QueueLimit is { } limit && stream.Queued >= 0.9 * limit)
        {
            yield return new Finding(Severity.Critical, "full-queue",
                $"The send queue of {stream.Title} is full: {Number(stream.Queued)} of {Number(limit)} messages wait",
                "What is sent now is dropped or refused, as SendQueueFullMode says. See why nobody takes them: " + WhoTakes(stream),
                stream.Loop, stream.Id);
        }
        else if (stream.PeersWithoutRoom > 0)
        {
            string peers = stream.PeersWithoutRoom == 1 ? "A peer" : $"{Number(stream.PeersWithoutRoom)} peers";
            yield return new Finding(Severity.Warning, "full-peer",
                $"{peers} of {stream.Title} cannot take more: {Number(stream.Queued)} messages wait for room",
                "That peer reads too slowly, or not at all. MaxQueuedPerPeer limits what waits for it, TimeToLive for how long.",
                stream.Loop, stream.Id);
        }
        else if (stream.IsHeldUp)
        {
            yield return new Finding(Severity.Warning, "full-peer",
                $"{Number(stream.Queued)} messages of {stream.Title} wait, and no peer has room for them",
                WhoTakes(stream) + " SendQueueLimit keeps the queue from filling the memory.", stream.Loop, stream.Id);
        }
    }

    private static string WhoTakes(StreamSnapshot stream) => stream.Connections switch
    {
        null => "is the peer there, and does it read? A SocketMonitor would tell who is connected.",
        { Open: 0 } => "no peer is connected.",
        { Open: var open } => $"{open} connected, and not reading.",
    };

    private static IEnumerable<Finding> OfPeers(StreamSnapshot stream)
    {
        if (stream.Recent is not { } recent) yield break;
        if (recent.Disconnects >= FlapsOften && recent.Connects >= FlapsOften)
        {
            yield return new Finding(Severity.Warning, "flapping-peer",
                $"Peers of {stream.Title} come and go: {recent.Connects} connects and {recent.Disconnects} disconnects in "
                + Seconds(recent.Seconds),
                "See the peer's log: does it crash and start again, or give up waiting? Else the network between.", stream.Loop, stream.Id);
        }
        else if (recent.Retries >= RetriesOften && stream.Connections is { Open: 0 })
        {
            yield return new Finding(Severity.Warning, "nobody-listens",
                $"{stream.Title} cannot connect: {recent.Retries} attempts failed in {Seconds(recent.Seconds)}",
                "Nobody listens at its endpoint. Is the other side running, is the address right, does a firewall drop it?",
                stream.Loop, stream.Id);
        }

        if (recent.HandshakeFailures > 0)
        {
            yield return new Finding(Severity.Warning, "failed-handshakes",
                $"{recent.HandshakeFailures} peers of {stream.Title} did not get through the handshake in {Seconds(recent.Seconds)}",
                "A wrong key, another type of socket, or a stranger: the log and the authenticator say which.", stream.Loop, stream.Id);
        }
    }

    private static IEnumerable<Finding> OfLosses(StreamSnapshot stream)
    {
        if (stream.Recent is not { } recent) yield break;
        if (recent.Dropped > 0)
        {
            yield return new Finding(Severity.Critical, "dropped-messages",
                $"{stream.Title} dropped {Number(recent.Dropped)} messages in {Seconds(recent.Seconds)} ({Reasons(stream.Dropped)} in all)",
                "They were not sent: the queue's limit, a peer's, or their time to live. See why the peer does not take them.",
                stream.Loop, stream.Id);
        }

        if (recent.Unroutable > 0)
        {
            yield return new Finding(Severity.Warning, "unroutable-messages",
                $"{Number(recent.Unroutable)} messages of {stream.Title} had no route in {Seconds(recent.Seconds)}",
                "The client had gone before its answer. Where it had not, its routing id is wrong.", stream.Loop, stream.Id);
        }

        if (recent.Oversized > 0)
        {
            yield return new Finding(Severity.Warning, "oversized-messages",
                $"{Number(recent.Oversized)} messages were too large for {stream.Title} in {Seconds(recent.Seconds)}, and were dropped",
                "The client is wrong, or hostile; or MaxFramesPerMessage and MaxBytesPerMessage are too small.", stream.Loop, stream.Id);
        }
    }

    private static IEnumerable<Finding> OfSubscriber(StreamSnapshot stream)
    {
        if (stream.Type is not ("SUB" or "XSUB" or "PULL") || stream.IsOfLibrary || stream.AgeSeconds < QuietSeconds) yield break;
        if (!stream.IsReceiving)
        {
            yield return new Finding(Severity.Warning, "stale-subscriber", $"Nobody takes the messages of {stream.Title}",
                "It has no receive callback, and nobody awaits a message: what comes fills its socket, and is lost at the publisher then.",
                stream.Loop, stream.Id);
        }
        else if (stream.Type != "PULL" && !(stream.IdleSeconds < QuietSeconds))
        {
            string what = stream.IdleSeconds is { } idle ? $"nothing for {Seconds(idle)}" : "nothing so far";
            yield return new Finding(stream.IdleSeconds is null ? Severity.Notice : Severity.Warning, "stale-subscriber",
                $"{stream.Title} has received {what}",
                "If there should have been something: " + (stream.Connections switch
                {
                    null => "is it connected (a SocketMonitor would tell), and subscribed to what is published?",
                    { Open: 0 } => "it is not connected.",
                    _ => "it is connected. Is the publisher alive, and is this what it publishes? HeartbeatInterval ends dead connections.",
                }), stream.Loop, stream.Id);
        }
    }

    private static string Reasons(DroppedSnapshot dropped)
    {
        (string Reason, long Count)[] reasons = [("queue full", dropped.QueueFull), ("peer's queue full", dropped.PeerQueueFull),
            ("expired", dropped.Expired), ("cleared", dropped.Cleared)];
        return string.Join(", ", reasons.Where(static reason => reason.Count > 0).Select(static reason =>
            $"{reason.Reason} {Number(reason.Count)}"));
    }

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => seconds switch
    {
        >= 7200 => $"{seconds / 3600:0.#} h",
        >= 120 => $"{seconds / 60:0.#} min",
        >= 10 => $"{seconds:0} s",
        >= 1 => $"{seconds:0.#} s",
        _ => $"{seconds * 1000:0} ms",
    };
}
