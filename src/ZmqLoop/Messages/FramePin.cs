namespace ZmqLoop;

/// <summary>While it lasts, nobody lets go of the memory of a borrowed frame, or fills it with another. See <see
/// cref="Frame.Pin"/>.</summary>
internal readonly ref struct FramePin
{
    private readonly bool _entered;

    internal FramePin(FrameBuffer buffer, int version)
    {
        Buffer = buffer;
        _entered = buffer.Enter(version);
    }

    /// <summary>The memory; null of an owned frame.</summary>
    public FrameBuffer? Buffer { get; }

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (_entered) Buffer!.Exit();
        else GC.KeepAlive(Buffer);
    }
}
