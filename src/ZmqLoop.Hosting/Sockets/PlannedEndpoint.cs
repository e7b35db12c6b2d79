namespace ZmqLoop.Hosting;

/// <param name="Address">The endpoint.</param>
/// <param name="Key">Where the configuration names it; null for code.</param>
internal readonly record struct PlannedEndpoint(string Address, string? Key);
