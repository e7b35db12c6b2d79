using System.Globalization;

namespace ZmqLoop.Chaos;

/// <summary>What a case works with: its engine, its seed, how much of it there is to be, and where it writes what came of it.</summary>
internal sealed class Arena(ChaosCase @case, string engine, int seed, TimeSpan time, double share)
{
    private const double Between = 2;

    private static readonly TimeSpan _short = TimeSpan.FromSeconds(1);

    private readonly long _made = TimeProvider.System.GetTimestamp();
    private readonly Lock _gate = new();
    private long _start = TimeProvider.System.GetTimestamp();
    private double _told;

    public string Engine => engine;

    public bool IsNetMQ => engine == "netmq";

    public int Seed => seed;

    public Outcome Result { get; } = new();

    /// <summary>How much of a full run it is to be, at most.</summary>
    public double Share => share;

    /// <summary>How often it is to be tried, if the time is enough.</summary>
    public long Target { get; } = Math.Max(1, (long)(@case.Full * share));

    /// <summary>Since the process began.</summary>
    public TimeSpan Age => TimeProvider.System.GetElapsedTime(_made);

    /// <summary>Since the measuring began.</summary>
    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(_start);

    public TimeSpan Time => time;

    /// <summary>A form of a second or so, as tests run it: nothing warms up for long, and growth is not judged.</summary>
    public bool IsShort => time < _short;

    /// <summary>A number for the usual form, or one for the short one.</summary>
    public int Or(int usual, int inShort) => IsShort ? inShort : usual;

    public bool IsOver => Elapsed >= time;

    /// <summary>True while there is more to do, and time for it; tells now and then how far it is.</summary>
    public bool GoesOn(long done)
    {
        Tell(done);
        return done < Target && !IsOver;
    }

    public void Tell(long done)
    {
        double now = Elapsed.TotalSeconds;
        lock (_gate)
        {
            if (now - _told < Between) return;
            _told = now;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"PROGRESS {done} of {Target} {@case.Unit}"));
    }

    /// <summary>Something was not as it must be.</summary>
    public void Fail(string what)
    {
        lock (_gate)
        {
            if (Result.Failures.Count < 20) Result.Failures.Add(what);
        }
    }

    /// <summary>Remembers what the process holds, once it has taken what it takes once.</summary>
    public void BeginMeasuring(Func<Footprint>? take = null)
    {
        Result.Before = (take ?? Footprint.OfThisProcess)();
        _start = TimeProvider.System.GetTimestamp(); // the time is for what is tried, not for what it needs
    }

    /// <summary>Waits until it holds about as much again; it is a fault where it does not.</summary>
    public void EndMeasuring(Func<Footprint>? take = null)
    {
        if (Result.Before is not { } before) return;
        if (IsShort)
        {
            Result.After = (take ?? Footprint.OfThisProcess)();
            return;
        }

        Result.After = Footprint.Settle(take ?? Footprint.OfThisProcess, before);
        if (!Result.After.IsLike(before)) Fail($"It has grown from {before} to {Result.After}.");
    }

    /// <summary>Writes the last inputs to a file, whole: those who look for the one that did it need their bytes.</summary>
    public void Keep(string what, IEnumerable<HostileInput> inputs)
    {
        string folder = Path.Combine("artifacts", "chaos");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, $"{@case.FullName.Replace('/', '-')}-{engine}-{seed}-{what}.txt");
        File.WriteAllLines(file, inputs.Select(static input => $"{input.Kind}: {Convert.ToHexString(input.Bytes)}"));
        Fail($"What was sent before stands in {file}.");
    }

    /// <summary>A part of a case's work of its own, so that parts do not share a row of numbers.</summary>
    public Random RandomFor(int part) => new(unchecked((seed * 1_000_003) + part));

    public ZMQEngine CreateEngine() => Engines.Create(engine);
}
