namespace ZmqLoop.Streams;

/// <summary>
/// What the loop and the socket hold in the place of a stream: the stream itself while something can still happen on it, and else only the
/// way to it, so that the garbage collector finds one that nobody holds.
/// </summary>
internal sealed class StreamRoot(StreamLife life)
{
    private readonly WeakReference<StreamLife> _life = new(life);
    private StreamLife? _needed;

    /// <summary>The stream's life, and with it the stream; null once nobody holds it and nothing can happen on it. Any thread.</summary>
    public StreamLife? Life => _needed ?? (_life.TryGetTarget(out StreamLife? target) ? target : null);

    /// <summary>Holds the stream from now on, or no more where it is null. Loop's thread.</summary>
    public void Hold(StreamLife? needed)
    {
        if (!ReferenceEquals(_needed, needed)) _needed = needed;
    }

    /// <summary>The loop's handler.</summary>
    public void HandleEvents(PollSource source, IOEvents events) => Life?.Parts.HandleEvents(events);

    /// <summary>The loop was closed first, and brings nothing any more.</summary>
    public void EndWithLoop() => Life?.EndWithLoop();
}
