namespace ZmqLoop;

/// <summary>Subscriptions that an XSUB sends as messages: a frame of a 1 and the prefix, or of a 0 to take it back. Both libraries look for
/// them in each frame, and take them as they take those of <see cref="ZMQSocket.Subscribe(ReadOnlySpan{byte})"/>.</summary>
internal static class SubscriptionFrames
{
    /// <summary>The first that is too long for the stack that the library would look at it with; -1 where there is none.</summary>
    public static int FindTooLong(ReadOnlySpan<Frame> frames)
    {
        for (int i = 0; i < frames.Length; i++)
        {
            if (frames[i].Length > BytesOption.LongestSubscription + 1 && frames[i].Span[0] <= 1) return i;
        }

        return -1;
    }

    /// <summary>True where a message of several frames has one that would be taken for a subscription: nobody who subscribes sends such,
    /// and whoever passes it on does what a stranger says, in the name of all.</summary>
    public static bool HideAmongOthers(ReadOnlySpan<Frame> frames)
    {
        if (frames.Length < 2) return false;
        foreach (Frame frame in frames)
        {
            if (frame.Length > 0 && frame.Span[0] <= 1) return true;
        }

        return false;
    }

    /// <exception cref="ArgumentException">One is too long.</exception>
    public static void Verify(ZMQSocket socket, ReadOnlySpan<Frame> frames)
    {
        if (FindTooLong(frames) is not (>= 0 and var index)) return;
        throw new ArgumentException(
            $"Frame {index} of a message to {socket} begins with {frames[index].Span[0]}, and is taken for a subscription, which has "
            + $"{BytesOption.LongestSubscription} bytes behind that at most, not {frames[index].Length - 1}.", nameof(frames));
    }
}
