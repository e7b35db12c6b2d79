namespace ZmqLoop.Dashboard;

/// <summary>A callback that runs, or ran when it was looked at.</summary>
/// <param name="Callback">Which.</param>
/// <param name="Seconds">For how long it had been running at least.</param>
/// <param name="Contexts">The contexts that it ran in, outermost first.</param>
internal sealed record CallbackSnapshot(string Callback, double Seconds, IReadOnlyList<string> Contexts);
