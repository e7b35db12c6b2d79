namespace ZmqLoop.LowLevel;

/// <summary>One source that is ready.</summary>
/// <param name="State">What was given to <see cref="IPoller.Register"/>.</param>
/// <param name="Events">What happened.</param>
/// <param name="Closed">Why the source was unregistered, where it was closed behind the poller's back; else null.</param>
public readonly record struct ReadySource(object? State, IOEvents Events, Exception? Closed);
