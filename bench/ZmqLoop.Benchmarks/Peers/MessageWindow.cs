using System.Diagnostics;

namespace ZmqLoop.Benchmarks;

/// <summary>Counts messages in a window of time, which opens after a warm-up, and that begins with the first messages. As in
/// bench/peers/measure.h.</summary>
internal sealed class MessageWindow(double seconds)
{
    private static readonly TimeSpan _warmUp = TimeSpan.FromSeconds(1.5); // as in measure.h

    private readonly TimeSpan _length = TimeSpan.FromSeconds(seconds);
    private int _state; // cold, warming, open, closed
    private long _count;
    private long _before;
    private long _opened;
    private double _cpu;

    /// <summary>True when the window has closed, and its figures are printed.</summary>
    public bool Count() => (++_count & 63) == 0 && Look();

    private bool Look()
    {
        if (_state == 3) return true;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_opened);
        if (_state != 0 && elapsed < (_state == 1 ? _warmUp : _length)) return false;
        double cpu = ThreadClock.Nanoseconds;
        long count = _count - _before;
        if (++_state == 3)
        {
            Rounds.Print("rate", count / elapsed.TotalSeconds);
            Rounds.Print("cpu", (cpu - _cpu) / count);
            return true;
        }

        _opened = Stopwatch.GetTimestamp();
        _cpu = cpu;
        _before = _count;
        return false;
    }
}
