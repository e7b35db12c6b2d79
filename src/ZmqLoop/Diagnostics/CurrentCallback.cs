namespace ZmqLoop;

/// <summary>What a loop runs at a moment; see <see cref="IOLoop.GetCurrentCallback"/>.</summary>
/// <param name="Origin">Which callback.</param>
/// <param name="Elapsed">For how long it has been running, at least.</param>
/// <param name="Contexts">The contexts in force there, outermost first.</param>
public sealed record CurrentCallback(CallbackOrigin Origin, TimeSpan Elapsed, IReadOnlyList<CallbackContext> Contexts);
