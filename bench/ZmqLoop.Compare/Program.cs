using System.Globalization;
using System.Runtime.InteropServices;
using ZmqLoop.Compare;

const int Interrupted = 130; // as shells have it

try
{
    Options options = Options.Parse(args);
    IReadOnlyList<Work> works = Catalogue.Select(options.Cases);
    return options.List ? List(options, works) : options.Redraw ? Redraw(options) : Compare(options, works);
}
catch (ArgumentException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
catch (InvalidDataException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}
int List(Options options, IReadOnlyList<Work> works)
{
    Peers peers = Found();
    foreach (Work work in works)
    {
        IEnumerable<string> names = work.Peers.Where(options.Means).Select(key => peers[key].Name);
        Console.WriteLine(
            $"{string.Join(' ', work.Cases.Select(static @case => @case.Name))}: {string.Join(' ', work.Ours.Concat(names))}");
    }

    return 0;
}

int Redraw(Options options)
{
    Archive archive = Archive.Load(Results.FileIn(options.Folder));
    if (archive.Comparisons.Count == 0) throw new InvalidDataException(
        $"There is nothing to draw: no {Results.FileIn(options.Folder)}, or an empty one.");
    Results.Write(options.Folder, archive);
    return 0;
}

int Compare(Options options, IReadOnlyList<Work> works)
{
    // A sender that outlived this process would send for ever.
    using CancellationTokenSource stop = new();
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    Peers peers = Found();
    Plan plan = Plan.Of(works, peers, options);
    Archive archive = Archive.Load(Results.FileIn(options.Folder));
    Machine machine = Machine.Describe();
    DateTimeOffset began = DateTimeOffset.UtcNow;
    Quietness quietness = new((@case, peer) => options.Anew ? null : archive.Earlier(@case, peer, machine));
    Comparer comparer = new(
        new Run(peers, options.Seconds, stop.Token).Measure,
        quietness,
        new Progress(plan.Runs, Console.Error.WriteLine, TimeProvider.System))
    {
        Patience = options.Quick ? 0 : plan.Runs, // at the worst it takes twice as long
    };
    List<Comparison> comparisons = [];
    try
    {
        foreach (Comparison comparison in plan.Missing.Concat(comparer.Run(plan)))
        {
            comparisons.Add(comparison);
            Console.WriteLine(Report.Line(comparison)); // as they come: a full run takes long
        }
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine("Interrupted; what was measured until then is kept.");
    }

    string date = began.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
    string commit = Environment.GetEnvironmentVariable("ZMQLOOP_COMMIT") is { Length: > 0 } known ? known : "unknown";
    KeptRun run = new(date, commit, string.Join(' ', ["./build.sh compare", .. args]), machine.AtTheEnd());
    Conclude(
        options.Folder,
        archive.With(run, comparisons),
        new Archive([], []).With(run, comparisons),
        comparisons,
        DateTimeOffset.UtcNow - began);
    foreach (string failure in comparer.Failures) Console.Error.WriteLine("failed: " + failure);
    return stop.IsCancellationRequested ? Interrupted : comparer.Failures.Count == 0 ? 0 : 1;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}

void Conclude(string folder, Archive all, Archive thisRun, List<Comparison> comparisons, TimeSpan took)
{
    Console.WriteLine();
    foreach (string line in Report.Table(thisRun.Comparisons)) Console.WriteLine(line);
    Console.WriteLine();
    foreach (Claim claim in new Claims(thisRun).All.Where(static claim => claim.Figure is not null)) Console.WriteLine(Report.Line(claim));
    Results.Write(folder, all);
    int kept = comparisons.Count(static comparison => comparison.IsKept);
    int noisy = comparisons.Count(static comparison => comparison.Noise is not null);
    string minutes = took.TotalMinutes.ToString("F1", CultureInfo.InvariantCulture);
    Console.WriteLine($"{minutes} minutes; {kept} of {comparisons.Count} kept, {noisy} noisy; written to {folder}.");
}

Peers Found() => new(Environment.CurrentDirectory, Environment.GetEnvironmentVariable); // build.sh's folder
