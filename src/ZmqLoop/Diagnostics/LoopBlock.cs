namespace ZmqLoop;

/// <summary>A callback that has blocked a loop, or does so now; see <see cref="IOLoop.GetRecentBlocks"/>.</summary>
/// <param name="Callback">Which callback, as the log names it: with its trail, where the loop records it.</param>
/// <param name="Since">When it began.</param>
/// <param name="Elapsed">For how long it blocked the loop; where it still does, for how long it had when it was told of.</param>
/// <param name="IsOver">False while it still does.</param>
public sealed record LoopBlock(string Callback, DateTimeOffset Since, TimeSpan Elapsed, bool IsOver);
