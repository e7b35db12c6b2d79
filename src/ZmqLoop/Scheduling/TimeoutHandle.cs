namespace ZmqLoop;

/// <summary>A timer that was added to a loop, to be given to <see cref="IOLoop.RemoveTimeout"/>. <c>default</c> is none.</summary>
/// <remarks>A handle kept too long is harmless: it never names somebody else's timer.</remarks>
public readonly record struct TimeoutHandle
{
    internal TimeoutHandle(object owner, int slot, int version)
    {
        Owner = owner;
        Slot = slot;
        Version = version;
    }

    /// <summary>The loop, which alone can do something with it.</summary>
    internal object? Owner { get; }

    internal int Slot { get; }

    internal int Version { get; }

    /// <summary>True for <c>default</c>.</summary>
    public bool IsNone => Owner is null;
}
