using System.Collections.Immutable;
using static ZmqLoop.Dashboard.FindingText;

namespace ZmqLoop.Dashboard;

/// <summary>Something that can be wrong with a stream. There may be thousands of streams: where nothing is wrong, nothing is made, and what
/// there is to say is made for those findings alone that are shown.</summary>
/// <param name="Name">Its section in docs/operations.md.</param>
/// <param name="Judge">How bad it is; null where it is not so.</param>
/// <param name="Title">What is wrong, and with whom.</param>
/// <param name="Action">What to do.</param>
internal sealed record StreamRule(
    string Name, Func<StreamSnapshot, Severity?> Judge, Func<StreamSnapshot, string> Title, Func<StreamSnapshot, string> Action)
{
    private const double StuckSeconds = 10; // where the stream does not say
    private const double QuietSeconds = 30;
    private const int FlapsOften = 3;
    private const int RetriesOften = 3;

    public static ImmutableArray<StreamRule> All { get; } =
    [
        new("stuck-handler",
            static stream => !(stream.OldestHandlerSeconds >= (stream.HandlerWarningSeconds ?? StuckSeconds)) ? null
                : HasNoPlace(stream) ? Severity.Critical : Severity.Warning,
            static stream => $"A handler of {stream.Title} has been running for {Seconds(stream.OldestHandlerSeconds!.Value)}, and "
                + (HasNoPlace(stream) ? "no other message is handled meanwhile"
                    : $"{stream.Handlers} of {stream.MaxConcurrency} places are taken")
                + $": {stream.OldestHandler}",
            static _ => "See what it awaits. HandlerTimeout cancels its token after a time; MaxConcurrency lets others run beside it."),
        new("full-queue",
            static stream => IsFull(stream) ? Severity.Critical : null,
            static stream => $"The send queue of {stream.Title} is full: {Number(stream.Queued)} of {Number(stream.QueueLimit!.Value)} "
                + "messages wait",
            static stream => "What is sent now is dropped or refused, as SendQueueFullMode says. See why nobody takes them: "
                + WhoTakes(stream)),
        new("full-peer",
            static stream => stream.PeersWithoutRoom == 0 || IsFull(stream) ? null
                : stream is { Recent.Dropped: > 0, Dropped.PeerQueueFull: > 0 }
                    ? Severity.Critical : Severity.Warning, // the cause is first
            static stream => (stream.PeersWithoutRoom == 1 ? "A peer" : $"{Number(stream.PeersWithoutRoom)} peers")
                + $" of {stream.Title} cannot take more: {Number(stream.Queued)} messages wait for room, "
                + (stream.PeerQueueLimit is { } limit ? $"{Number(limit)} at most for each peer" : "without a limit for a peer"),
            static _ => "That peer reads too slowly, or not at all. MaxQueuedPerPeer limits what waits for it, TimeToLive for how long."),
        new("full-peer",
            static stream => stream.IsHeldUp && stream.PeersWithoutRoom == 0 && !IsFull(stream) ? Severity.Warning : null,
            static stream => $"{Number(stream.Queued)} messages of {stream.Title} wait, and no peer has room for them",
            static stream => WhoTakes(stream) + " SendQueueLimit keeps the queue from filling the memory."),
        new("flapping-peer",
            static stream => Flaps(stream) ? Severity.Warning : null,
            static stream => $"Peers of {stream.Title} come and go: {Recent(stream).Connects} connects and "
                + $"{Recent(stream).Disconnects} disconnects in {Seconds(Recent(stream).Seconds)}",
            static stream => stream.Type is "PUB" or "XPUB"
                ? "A subscriber that comes back has missed what was published meanwhile. See its log: does it crash? Else the network."
                : "See the peer's log: does it crash and start again, or give up waiting? Else the network between."),
        new("nobody-listens",
            static stream => stream is { Recent.Retries: >= RetriesOften, Connections.Open: 0 } && !Flaps(stream) ? Severity.Warning : null,
            static stream => $"{stream.Title} cannot connect: {Recent(stream).Retries} attempts failed in "
                + Seconds(Recent(stream).Seconds),
            static _ => "Nobody listens at its endpoint. Is the other side running, is the address right, does a firewall drop it?"),
        new("failed-handshakes",
            static stream => stream.Recent is { HandshakeFailures: > 0 } ? Severity.Warning : null,
            static stream => $"{Recent(stream).HandshakeFailures} peers of {stream.Title} did not get through the handshake in "
                + Seconds(Recent(stream).Seconds),
            static _ => "A wrong key, another type of socket, or a stranger: the log and the authenticator say which."),
        new("dropped-messages",
            static stream => stream.Recent is { Dropped: > 0 } ? Severity.Critical : null,
            static stream => $"{stream.Title} dropped {Number(Recent(stream).Dropped)} messages in {Seconds(Recent(stream).Seconds)}, "
                + $"{Number(stream.Dropped.Total)} since the start: {DroppedText.Reasons(stream.Dropped)}",
            static stream => DroppedText.Advice(stream.Dropped)),
        new("unroutable-messages",
            static stream => stream.Recent is { Unroutable: > 0 } ? Severity.Warning : null,
            static stream => $"{Number(Recent(stream).Unroutable)} messages of {stream.Title} had no route in "
                + Seconds(Recent(stream).Seconds),
            static _ => "The client had gone before its answer. Where it had not, its routing id is wrong."),
        new("oversized-messages",
            static stream => stream.Recent is { Oversized: > 0 } ? Severity.Warning : null,
            static stream => $"{Number(Recent(stream).Oversized)} messages were too large for {stream.Title} in "
                + $"{Seconds(Recent(stream).Seconds)}, and were dropped",
            static _ => "The client is wrong, or hostile; or MaxFramesPerMessage and MaxBytesPerMessage are too small."),
        new("stale-subscriber",
            static stream => ShouldReceive(stream) && !stream.IsReceiving ? Severity.Warning : null,
            static stream => $"Nobody takes the messages of {stream.Title}",
            static _ => "It has no receive callback, and nobody awaits a message: what comes fills its socket, and is lost at the "
                + "publisher then."),
        new("stale-subscriber",
            static stream => !ShouldReceive(stream) || !stream.IsReceiving || stream.Type == "PULL" || stream.IdleSeconds < QuietSeconds
                ? null : stream.IdleSeconds is null ? Severity.Notice : Severity.Warning,
            static stream => $"{stream.Title} has received "
                + (stream.IdleSeconds is { } idle ? $"nothing for {Seconds(idle)}" : "nothing so far"),
            static stream => stream.Connections switch
            {
                null => "It is not connected (a SocketMonitor would tell), or the publisher is silent, or its topic does not fit what is "
                    + "published.",
                { Open: 0 } => "It is not connected: does the publisher run, and is the address right?",
                _ => "It is connected, so either the publisher is silent or its topic does not fit what is published. HeartbeatInterval "
                    + "finds a publisher that has gone without a word.",
            }),
    ];

    /// <summary>In words.</summary>
    public Finding Tell(Severity severity, StreamSnapshot stream) =>
        new(severity, Name, Title(stream), Action(stream), stream.Loop, stream.Id);

    private static bool HasNoPlace(StreamSnapshot stream) => stream.Handlers >= stream.MaxConcurrency;

    private static bool IsFull(StreamSnapshot stream) => stream.QueueLimit is { } limit && stream.Queued >= 0.9 * limit;

    private static bool Flaps(StreamSnapshot stream) => stream.Recent is { Disconnects: >= FlapsOften, Connects: >= FlapsOften };

    private static bool ShouldReceive(StreamSnapshot stream) =>
        stream is { AgeSeconds: >= QuietSeconds, Type: "SUB" or "XSUB" or "PULL", IsOfLibrary: false };

    private static WindowSnapshot Recent(StreamSnapshot stream) => stream.Recent.GetValueOrDefault();

    private static string WhoTakes(StreamSnapshot stream) => stream.Connections switch
    {
        null => "is the peer there, and does it read? A SocketMonitor would tell who is connected.",
        { Open: 0 } => "no peer is connected.",
        { Open: var open } => $"{open} connected, and not reading.",
    };
}
