using System.Runtime.InteropServices;
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
catch (OperationCanceledException)
{
    return 130;
}

int List(IReadOnlyList<Work> works)
{
    Peers peers = new(Environment.CurrentDirectory, Environment.GetEnvironmentVariable);
    foreach (Work work in works) Console.WriteLine($"{string.Join(' ', work.Cases.Select(static @case => @case.Name))}: {string.Join(' ', work.Peers.Select(key => peers[key].Name))}");
    return 0;
}

int Compare(Options options, IReadOnlyList<Work> works)
{
    // A sender that outlived this process would send for ever.
    using CancellationTokenSource stop = new();
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    Peers peers = new(Environment.CurrentDirectory, Environment.GetEnvironmentVariable); // build.sh's folder
    DateTimeOffset began = DateTimeOffset.UtcNow;
    string load = Machine.Load();
    Comparer comparer = new(peers, new Run(peers, options.Seconds, stop.Token).Measure, options.Pairs) { PeersPerWork = options.Quick ? 2 : int.MaxValue };
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

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
