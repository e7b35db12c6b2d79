namespace ZmqLoop.Streams;

/// <summary>Tells of what strangers can cause as often as they like at once, and then once a minute at most, with how often it was. Loop's
/// thread.</summary>
internal sealed class LogLimit(TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    private long _untold;
    private long? _told;

    /// <summary>It has happened once more.</summary>
    /// <returns>True where it is time to tell of it, and of those before.</returns>
    public bool Add(out long untold)
    {
        untold = ++_untold;
        if (_told is { } told && time.GetElapsedTime(told) < _interval) return false;
        _told = time.GetTimestamp();
        _untold = 0;
        return true;
    }
}
