namespace ZmqLoop;

/// <summary>Memory of the engine that holds one received frame: what a borrowed <see cref="Frame"/> looks into. For engines.</summary>
/// <remarks>
/// Pooled with the <see cref="Message"/> that it was received into: releasing it makes it ready for the next frame, and frames that
/// still point to it throw <see cref="ObjectDisposedException"/> instead of showing another message's bytes. One thread at a time.
/// </remarks>
public abstract class FrameBuffer
{
    /// <summary>Counts the releases, so that a frame kept too long is found out.</summary>
    internal int Version;

    /// <summary>The bytes, valid until <see cref="Release"/>.</summary>
    protected internal abstract ReadOnlySpan<byte> Span { get; }

    /// <summary>What the engine knows of the connection that the frame came by; null where it knows nothing of that name.</summary>
    protected internal virtual string? GetProperty(string name) => null;

    /// <summary>Puts the same bytes into <paramref name="target"/>, or into a new buffer, without copying them where the engine can.</summary>
    /// <param name="target">An empty buffer to use; one of another engine is ignored.</param>
    protected internal abstract FrameBuffer Share(FrameBuffer? target);

    /// <summary>Gives the bytes back to the engine; the buffer is empty afterwards and can be filled again.</summary>
    protected internal abstract void Release();
}
