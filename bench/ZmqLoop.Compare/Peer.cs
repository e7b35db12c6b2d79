namespace ZmqLoop.Compare;

/// <summary>Whom we are compared with, or ourselves.</summary>
/// <param name="Name">As reports name it.</param>
/// <param name="Label">As pictures name it.</param>
/// <param name="Command">How its program is called; the work, the seconds and the arguments follow.</param>
/// <param name="Missing">Why it cannot be had here; null if it can.</param>
internal sealed record Peer(string Name, string Label, IReadOnlyList<string> Command, string? Missing);
