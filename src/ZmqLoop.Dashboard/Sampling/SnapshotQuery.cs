namespace ZmqLoop.Dashboard;

/// <summary>What is asked for.</summary>
/// <param name="Streams">How many streams at most.</param>
/// <param name="Filter">What their name, type or loop has in it; empty for all.</param>
internal readonly record struct SnapshotQuery(int Streams, string Filter)
{
    public const int UsualStreams = 100;
    public const int MostStreams = 1000;
    private const int LongestFilter = 100;

    /// <summary>From the query of a request.</summary>
    /// <returns>False where it is wrong; <paramref name="error"/> says how.</returns>
    public static bool TryParse(string? streams, string? filter, out SnapshotQuery query, out string error)
    {
        query = new SnapshotQuery(UsualStreams, filter?.Trim() ?? "");
        error = "";
        if (!string.IsNullOrEmpty(streams))
        {
            if (!int.TryParse(streams, out int count) || count is < 0 or > MostStreams)
                error = $"streams is how many streams are shown, from 0 to {MostStreams}: ?streams={UsualStreams}";
            query = query with { Streams = count };
        }

        if (query.Filter.Length > LongestFilter) error = $"filter is a part of a name, of {LongestFilter} characters at most.";
        return error.Length == 0;
    }

    /// <summary>Streams of the library itself are shown to those who ask for them by their name.</summary>
    public bool Matches(StreamSnapshot stream, string loop) => stream.IsOfLibrary
        ? Filter.StartsWith(StreamSnapshot.LibraryPrefix, StringComparison.Ordinal) && Has(stream.Title)
        : Filter.Length == 0 || Has(stream.Title) || Has(stream.Type) || Has(loop);

    private bool Has(string text) => text.Contains(Filter, StringComparison.OrdinalIgnoreCase);
}
