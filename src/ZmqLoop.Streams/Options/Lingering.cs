namespace ZmqLoop.Streams;

/// <summary>How long a socket may linger.</summary>
internal static class Lingering
{
    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(int.MaxValue);

    /// <summary>Throws where no socket could linger for so long: at the call, before anything has changed, on whichever thread.</summary>
    public static void Verify(TimeSpan? linger)
    {
        if (linger is not { } time || time == Timeout.InfiniteTimeSpan) return;
        if (time < TimeSpan.Zero || time > _longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(linger), time,
                $"A socket lingers for 0 to {int.MaxValue} milliseconds, or for ever (Timeout.InfiniteTimeSpan). Nothing was closed.");
        }
    }

    /// <summary>Closes a socket, also where it refuses to linger for so long; then it throws after that.</summary>
    public static void Close(ZMQSocket socket, TimeSpan? linger)
    {
        try
        {
            socket.Close(linger);
        }
        catch (Exception) when (!socket.IsClosed)
        {
            socket.Close();
            throw;
        }
    }
}
