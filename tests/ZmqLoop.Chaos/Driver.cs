using System.Globalization;
using System.Runtime.InteropServices;

namespace ZmqLoop.Chaos;

/// <summary>Runs the cases, one after the other, each in a process of its own; says where it is; and sums up.</summary>
internal static class Driver
{
    private const int Interrupted = 130; // as shells have it

    public static async Task<int> RunAsync(string[] arguments)
    {
        Options options;
        try
        {
            options = Options.Parse(arguments);
        }
        catch (ArgumentException mistake)
        {
            Console.Error.WriteLine(mistake.Message);
            Console.Error.WriteLine(Options.Usage);
            return 2;
        }

        if (options.List) return List(options);
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        IReadOnlyList<Row> rows = await RunAllAsync(options, stop.Token);
        Report report = new(options, rows, "./build.sh chaos " + string.Join(' ', WithSeed(arguments, options.Seed)));
        foreach (string line in report.Lines()) Console.WriteLine(line);
        report.WriteTo(options.Report);
        Console.WriteLine($"written to {options.Report}");
        Console.WriteLine(report.Closing());
        return stop.IsCancellationRequested ? Interrupted : rows.All(static row => row.Outcome.HasPassed || row.Outcome.IsSkipped) ? 0 : 1;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<IReadOnlyList<Row>> RunAllAsync(Options options, CancellationToken stop)
    {
        List<Row> rows = [];
        (string Engine, ChaosCase Case)[] all =
            [.. options.Engines.SelectMany(engine => Catalogue.Select(engine, options.Words).Select(one => (engine, one)))];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"seed {options.Seed}, {all.Length} cases, at most {options.Minutes} minutes for each engine"));
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < all.Length && !stop.IsCancellationRequested; i++)
        {
            (string engine, ChaosCase one) = all[i];
            TimeSpan time = TimeFor(all[i]);
            TimeSpan left = all.Skip(i).Aggregate(TimeSpan.Zero, (sum, next) => sum + TimeFor(next));
            string gone = Minutes(TimeProvider.System.GetElapsedTime(start));
            Console.WriteLine($"{i + 1} of {all.Length}, {gone} gone, {Minutes(left)} left at most: {one.FullName} on {engine}");
            Outcome outcome = await new CaseRun(one, engine, options.Seed, time, options.Share).RunAsync(
                progress => Console.WriteLine($"  {progress}, {Minutes(TimeProvider.System.GetElapsedTime(start))} gone"), stop);
            if (stop.IsCancellationRequested) break;
            Console.WriteLine("  " + Report.Summary(outcome, one));
            foreach (string failure in outcome.Failures) Console.WriteLine("  FAILED: " + failure);
            rows.Add(new Row(one, engine, outcome));
        }

        return rows;

        TimeSpan TimeFor((string Engine, ChaosCase Case) some) => TimeSpan.FromMinutes(
            options.Minutes * some.Case.Weight / all.Where(other => other.Engine == some.Engine).Sum(static other => other.Case.Weight));
    }

    private static int List(Options options)
    {
        foreach (ChaosCase one in Catalogue.All)
        {
            string engines = one.OnlyOn ?? string.Join(" and ", options.Engines);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.FullName,-28} {one.Full,12:N0} {one.Unit}, on {engines}"));
        }

        return 0;
    }

    private static string[] WithSeed(string[] arguments, int seed) =>
        arguments.Contains("--seed") ? arguments : [.. arguments, "--seed", seed.ToString(CultureInfo.InvariantCulture)];

    private static string Minutes(TimeSpan time) => time.TotalMinutes < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} min");
}
