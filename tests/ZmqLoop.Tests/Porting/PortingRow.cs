namespace ZmqLoop.Tests.Porting;

/// <param name="Section">The heading above.</param>
/// <param name="Python">What stands in code on the left.</param>
/// <param name="Here">What stands in code on the right.</param>
internal sealed record PortingRow(string Section, IReadOnlyList<string> Python, IReadOnlyList<string> Here);
