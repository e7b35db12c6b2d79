using static ZmqLoop.Dashboard.FindingText;

namespace ZmqLoop.Dashboard;

/// <summary>Why messages were dropped, and what to do about it, in words.</summary>
internal static class DroppedText
{
    /// <summary>All reasons, the most frequent first; with how often, where there are several.</summary>
    public static string Reasons(DroppedSnapshot dropped)
    {
        (string Text, string, long Count)[] reasons = Of(dropped);
        return string.Join(", ", reasons.Select(reason =>
            reasons.Length == 1 ? reason.Text : $"{reason.Text} ({Number(reason.Count)})"));
    }

    /// <summary>About the most frequent reason.</summary>
    public static string Advice(DroppedSnapshot dropped)
    {
        string advice = Of(dropped) is [(_, string known, _), ..] ? known + " " : "";
        return advice + "The code that sent them was told.";
    }

    private static (string Text, string Advice, long Count)[] Of(DroppedSnapshot dropped) =>
    [
        .. new (string, string, long Count)[]
        {
            ("a peer's queue was full", "That peer does not read, or too slowly: see full-peer.", dropped.PeerQueueFull),
            ("the queue was full", "Nobody takes them as fast as they are sent: see full-queue.", dropped.QueueFull),
            ("their time to live was over", "They waited for longer than TimeToLive: see why the peer does not take them.",
                dropped.Expired),
            ("the queue was cleared", "The service itself gave them up, by ClearSendQueue.", dropped.Cleared),
        }.Where(static reason => reason.Count > 0).OrderByDescending(static reason => reason.Count),
    ];
}
