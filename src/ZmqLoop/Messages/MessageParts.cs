namespace ZmqLoop;

/// <summary>The two parts of a message that <see cref="Message.Split"/> makes. Valid until the message changes.</summary>
public readonly ref struct MessageParts
{
    internal MessageParts(ReadOnlySpan<Frame> before, ReadOnlySpan<Frame> after, bool found)
    {
        Before = before;
        After = after;
        Found = found;
    }

    /// <summary>The frames before the delimiter; all, where there is none.</summary>
    public ReadOnlySpan<Frame> Before { get; }

    /// <summary>The frames behind it.</summary>
    public ReadOnlySpan<Frame> After { get; }

    /// <summary>True where there is a delimiter.</summary>
    public bool Found { get; }

    /// <summary>For <c>var (before, after) = …</c>.</summary>
    public void Deconstruct(out ReadOnlySpan<Frame> before, out ReadOnlySpan<Frame> after)
    {
        before = Before;
        after = After;
    }
}
