using System.Text.Encodings.Web;
using System.Text.Json;

namespace ZmqLoop.Compare;

/// <summary>A comparison that was kept, and when it was made. Noisy and missing ones have no figures.</summary>
/// <param name="Comparison">The figures.</param>
/// <param name="Commit">Of this project.</param>
/// <param name="Date">When the run began that made it.</param>
internal sealed record Kept(Comparison Comparison, string Commit, string Date)
{
    /// <summary>True for figures of this case, against this peer, of this side of ours if it is named.</summary>
    public bool Is(string @case, string peer, string? side = null) =>
        Comparison.IsKept && Comparison.Case.Name == @case && Comparison.Peer == peer && (side is null || Comparison.Side == side);
}

/// <summary>A run whose figures are still in use.</summary>
internal sealed record KeptRun(string Date, string Commit, string Command, Machine Machine);

/// <summary>What compare.json holds: of each comparison the last figures that were taken on a quiet machine. A run of a few cases replaces
/// those, and leaves the others as they are.</summary>
internal sealed record Archive(IReadOnlyList<KeptRun> Runs, IReadOnlyList<Kept> Comparisons)
{
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="InvalidDataException">It is no archive.</exception>
    public static Archive Load(string file)
    {
        if (!File.Exists(file)) return new Archive([], []);
        try
        {
            Stored stored = JsonSerializer.Deserialize<Stored>(File.ReadAllText(file), _json)
                ?? throw new JsonException("It holds nothing.");
            return new Archive(stored.Runs, [.. stored.Comparisons.Select(Read).OfType<Kept>()]);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"{file} is not what this program writes; remove it to begin anew. {exception.Message}", exception);
        }
    }

    public void Save(string file) =>
        File.WriteAllText(file, JsonSerializer.Serialize(new Stored(Runs, Comparisons.Select(Write)), _json) + "\n");

    /// <summary>With a new run's figures, where it has any that can be kept.</summary>
    public Archive With(KeptRun run, IEnumerable<Comparison> comparisons)
    {
        Dictionary<(string, string, string), Kept> all = Comparisons.ToDictionary(static kept => Key(kept.Comparison));
        foreach (Comparison comparison in comparisons)
        {
            bool hasFigures = all.TryGetValue(Key(comparison), out Kept? before) && before.Comparison.IsKept;
            if (!comparison.IsKept && hasFigures) continue;
            all[Key(comparison)] = new Kept(
                comparison.IsKept ? comparison : comparison with { Ours = [], Theirs = [] }, run.Commit, run.Date);
        }

        Kept[] kept = [.. all.Values.OrderBy(static kept => Place(kept.Comparison))];
        HashSet<string> dates = [.. kept.Select(static one => one.Date)];
        return new Archive([.. Runs.Where(old => old.Date != run.Date).Append(run).Where(one => dates.Contains(one.Date))], kept);
    }

    /// <summary>What a peer reached when it was measured last on such a machine; null where that is not known.</summary>
    public double? Earlier(string @case, string peer, Machine machine)
    {
        HashSet<string> dates = [.. Runs.Where(run => run.Machine.IsLike(machine)).Select(static run => run.Date)];
        Kept? last = Comparisons.Where(kept => kept.Is(@case, peer) && dates.Contains(kept.Date)).MaxBy(static kept => kept.Date);
        return last is null ? null : Spread.Of(last.Comparison.Theirs).Median;
    }

    private static (string Case, string Side, string Peer) Key(Comparison comparison) =>
        (comparison.Case.Name, comparison.Side, comparison.Peer);

    /// <summary>As the catalogue has them: works, cases, peers, our sides.</summary>
    private static (int Work, int Case, int Peer, int Side) Place(Comparison comparison)
    {
        (Work work, Case @case) = Catalogue.Find(comparison.Case.Name)!.Value;
        int peer = Array.IndexOf(work.Peers, comparison.Peer);
        return (
            Array.IndexOf([.. Catalogue.All], work),
            Array.IndexOf(work.Cases, @case),
            peer < 0 ? int.MaxValue : peer,
            Array.IndexOf(work.Ours, comparison.Side));
    }

    /// <returns>Null for a case that there is no longer.</returns>
    private static Kept? Read(StoredComparison stored)
    {
        if (Catalogue.Find(stored.Case) is not var (work, @case)) return null;
        Comparison comparison = new(@case, work.Family, stored.Side, stored.Peer, stored.Ours, stored.Theirs)
        {
            Missing = stored.Missing,
            Noise = stored.Noise,
        };
        return new Kept(comparison, stored.Commit, stored.Date);
    }

    private static StoredComparison Write(Kept kept)
    {
        Comparison comparison = kept.Comparison;
        Unit unit = comparison.Case.Unit;
        return new StoredComparison(
            comparison.Case.Name,
            comparison.Side,
            comparison.Peer,
            unit.Name,
            unit.MoreIsBetter,
            comparison.IsKept ? comparison.Ratio : null,
            comparison.Ours,
            comparison.Theirs,
            comparison.Noise,
            comparison.Missing,
            kept.Commit,
            kept.Date);
    }

    private sealed record Stored(IReadOnlyList<KeptRun> Runs, IEnumerable<StoredComparison> Comparisons);

    private sealed record StoredComparison(
        string Case,
        string Side,
        string Peer,
        string Unit,
        bool MoreIsBetter,
        double? Ratio,
        IReadOnlyList<double> Ours,
        IReadOnlyList<double> Theirs,
        string? Noise,
        string? Missing,
        string Commit,
        string Date);
}
