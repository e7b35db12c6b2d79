namespace ZmqLoop.Dashboard;

/// <summary>A callback that has blocked a loop.</summary>
/// <param name="Callback">Which, and where it came from, where that is recorded.</param>
/// <param name="Since">When it began.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="IsOver">False while it still does.</param>
internal sealed record BlockSnapshot(string Callback, DateTimeOffset Since, double Seconds, bool IsOver);
