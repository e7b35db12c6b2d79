using ZmqLoop.Streams;

namespace ZmqLoop.Dashboard;

/// <summary>One proxy, from sample to sample.</summary>
internal sealed class ProxyHistory
{
    private ProxyStatistics _last;
    private TimeSpan? _at;
    private TimeSpan? _heldUpSince;

    public double? InPerSecond { get; private set; }

    public double? OutPerSecond { get; private set; }

    /// <summary>For how long it has been held up at each look; null where it was not at the last.</summary>
    public TimeSpan? HeldUp => _at - _heldUpSince;

    public History In { get; } = new();

    public History Out { get; } = new();

    /// <summary>The next sample.</summary>
    public void Add(TimeSpan now, ProxyStatistics counts, bool isHeldUp)
    {
        if (_at is { } at && now > at)
        {
            double seconds = (now - at).TotalSeconds;
            InPerSecond = Math.Round((counts.MessagesIn - _last.MessagesIn) / seconds, 1);
            OutPerSecond = Math.Round((counts.MessagesOut - _last.MessagesOut) / seconds, 1);
            In.Add(InPerSecond.Value);
            Out.Add(OutPerSecond.Value);
        }

        bool moves = counts.MessagesIn != _last.MessagesIn || counts.MessagesOut != _last.MessagesOut;
        _heldUpSince = isHeldUp && !moves ? _heldUpSince ?? now : null;
        (_at, _last) = (now, counts);
    }
}
