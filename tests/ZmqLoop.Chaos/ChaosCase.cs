using ZmqLoop.Chaos.Branches;

namespace ZmqLoop.Chaos;

/// <summary>One thing that is done to the library, on one engine.</summary>
/// <param name="Area">One of <see cref="Catalogue.Areas"/>.</param>
/// <param name="Name">Within its area.</param>
/// <param name="Weight">Its share of the run's time, beside the weights of the others.</param>
/// <param name="Full">How often it is tried in a full run, of an hour.</param>
/// <param name="Unit">What that counts.</param>
/// <param name="Run">Does it, and writes down what came of it.</param>
internal sealed record ChaosCase(string Area, string Name, double Weight, long Full, string Unit, Func<Arena, Task> Run)
{
    /// <summary>Null for both.</summary>
    public string? OnlyOn { get; init; }

    /// <summary>True where the library is to tell which branches it takes: it runs in an <see cref="InstrumentedCopy"/>.</summary>
    public bool SeesBranches { get; init; }

    public string FullName => $"{Area}/{Name}";
}
