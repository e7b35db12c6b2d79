using ZmqLoop.Compare;

try
{
    Options options = Options.Parse(args);
    IReadOnlyList<Work> works = Catalogue.Select(options.Cases);
    return options.List ? List(works) : Compare(options, works);
}
catch (ArgumentException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

int List(IReadOnlyList<Work> works)
{
    Peers peers = new(Environment.CurrentDirectory, Environment.GetEnvironmentVariable);
    foreach (Work work in works) Console.WriteLine($"{string.Join(' ', work.Cases.Select(static @case => @case.Name))}: {string.Join(' ', work.Peers.Select(key => peers[key].Name))}");
    return 0;
}

int Compare(Options options, IReadOnlyList<Work> works)
{
    string root = Environment.CurrentDirectory; // build.sh's
    Peers peers = new(root, Environment.GetEnvironmentVariable);
    DateTimeOffset began = DateTimeOffset.UtcNow;
    string load = Machine.Load();
    Comparer comparer = new(peers, new Run(peers, options.Seconds).Measure, options.Pairs) { PeersPerWork = options.Quick ? 3 : int.MaxValue };
    List<Comparison> comparisons = [];
    foreach (Comparison comparison in comparer.Run(works))
    {
        comparisons.Add(comparison);
        Console.WriteLine(Report.Line(comparison)); // as they come: a full run takes long
    }

    Console.WriteLine();
    foreach (string line in Report.Table(comparisons)) Console.WriteLine(line);
    string folder = options.Folder ?? (options.Cases.Count == 0 ? Path.Combine("bench", "results") : Path.Combine("artifacts", "compare"));
    Results.Write(folder, string.Join(' ', ["./build.sh compare", .. args]), Machine.Describe(began, load), comparisons);
    Console.WriteLine($"{(DateTimeOffset.UtcNow - began).TotalMinutes:F1} minutes; written to {folder}.");
    foreach (string failure in comparer.Failures) Console.Error.WriteLine("failed: " + failure);
    return comparer.Failures.Count == 0 ? 0 : 1;
}
