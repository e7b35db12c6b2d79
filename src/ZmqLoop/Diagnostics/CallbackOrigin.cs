namespace ZmqLoop;

/// <summary>Where an exception came from that no stack context consumed.</summary>
/// <param name="Kind">What kind of callback threw.</param>
/// <param name="Callback">The callback, as it was given; of an async function that goes on after an await, what the runtime keeps of it;
/// null where there is none to show.</param>
/// <param name="Owner">What the callback belongs to: the source of a handler, the stream of a message; or null.</param>
/// <param name="Item">What was being handled, such as the message; or null.</param>
public sealed record CallbackOrigin(CallbackKind Kind, object? Callback = null, object? Owner = null, object? Item = null)
{
    /// <summary>The callbacks that led here, where the loop records them (<see cref="IOLoopOptions.Debug"/>); else null.</summary>
    public CallbackTrail? Trail { get; init; }

    /// <summary>What logs say of <see cref="Item"/>: of a message how many frames it has, where it came from, and its first bytes, cut and
    /// escaped; null for nothing.</summary>
    public string? ItemText { get; init; }

    /// <summary>For logs: the kind of callback, its name in the source, and its owner.</summary>
    public override string ToString()
    {
        string name = Callback is null ? Kind.ToString() : $"{Kind} {CallbackName.Of(Callback)}";
        if (Owner is not null) name = $"{name} of {Owner}";
        return Trail is null ? name : $"{name}, {Trail}";
    }
}
