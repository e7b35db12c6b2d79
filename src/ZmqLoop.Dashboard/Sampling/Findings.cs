namespace ZmqLoop.Dashboard;

/// <summary>All that is wrong, of which the worst is put into words.</summary>
internal sealed class Findings
{
    private const int Most = 50;

    private readonly Dictionary<long, int> _ranks = [];

    /// <param name="found">What was found: how bad it is, the id of the stream that it names, and how it is told of.</param>
    public Findings(IReadOnlyCollection<(Severity Severity, long? Stream, Func<Finding> Tell)> found)
    {
        Count = found.Count;
        List<Finding> worst = [];
        foreach ((_, long? stream, Func<Finding> tell) in found.OrderBy(static one => one.Severity))
        {
            if (stream is { } id) _ranks.TryAdd(id, _ranks.Count);
            if (worst.Count < Most) worst.Add(tell());
        }

        Worst = worst;
    }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>The worst of them, the very worst first.</summary>
    public IReadOnlyList<Finding> Worst { get; }

    /// <summary>How many streams are named by worse ones; <see cref="int.MaxValue"/> for a stream that none names.</summary>
    public int RankOf(long stream) => _ranks.GetValueOrDefault(stream, int.MaxValue);

    /// <summary>True where one names the stream.</summary>
    public bool Names(long stream) => _ranks.ContainsKey(stream);
}
