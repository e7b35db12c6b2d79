namespace ZmqLoop.Dashboard;

/// <summary>A callback that runs, or ran when it was looked at.</summary>
/// <param name="Callback">Which.</param>
/// <param name="Seconds">For how long it had been running at least.</param>
/// <param name="Contexts">The contexts that it ran in, outermost first.</param>
/// <param name="Stream">The id of the stream whose it is; null where it is of none.</param>
internal sealed record CallbackSnapshot(string Callback, double Seconds, IReadOnlyList<string> Contexts, long? Stream = null)
{
    /// <summary>In what part of the looks of the last seconds it was found, from 0 to 1; null where that is not counted.</summary>
    public double? Share { get; init; }
}
