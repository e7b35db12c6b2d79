using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>Says now and then where a long run is, and how long it may still take: by the runs that are left, each as long as those before
/// were in the mean.</summary>
/// <param name="runs">How many there are going to be.</param>
/// <param name="tell">Where to.</param>
/// <param name="time">What measures the time.</param>
internal sealed class Progress(int runs, Action<string> tell, TimeProvider time)
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(10);

    private readonly long _began = time.GetTimestamp();
    private long? _told;
    private int _runs = runs;
    private int _done;

    /// <summary>Some more are to be made.</summary>
    public void Add(int more) => _runs += more;

    /// <summary>One has been made.</summary>
    public void Count() => _done++;

    /// <summary>The next one begins.</summary>
    public void Begin(Turns turns, int round)
    {
        if (_told is { } told && time.GetElapsedTime(told) < _between) return;
        _told = time.GetTimestamp();
        TimeSpan elapsed = time.GetElapsedTime(_began);
        string left = _done == 0 ? "" : $", about {Minutes(elapsed / _done * (_runs - _done))} left";
        tell($"{_done} of {_runs} runs, {Minutes(elapsed)} gone{left}: {turns.Work.Name}, round {round + 1} of {turns.Rounds}");
    }

    private static string Minutes(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min");
}
