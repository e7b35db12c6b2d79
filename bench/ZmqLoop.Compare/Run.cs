namespace ZmqLoop.Compare;

/// <summary>One run of one side.</summary>
/// <param name="peers">Where the helpers are.</param>
/// <param name="seconds">How long it measures.</param>
/// <param name="stop">Ends the run, with all its programs.</param>
internal sealed class Run(Peers peers, double seconds, CancellationToken stop)
{
    /// <summary>In an endpoint: a folder of this run's own.</summary>
    public const string Folder = "{folder}";

    /// <summary>The metric of how many processors the program has taken, while it was asked; after all others.</summary>
    public const string Taken = "taken";

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private readonly string _seconds = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The figures of the work's cases, and what else the machine did meanwhile.</summary>
    /// <exception cref="PeerFailedException">There are none.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public Outcome Measure(Work work, Peer side, IReadOnlyList<string> arguments)
    {
        ClosedConnections.WaitForPorts(stop);
        MachineTimes before = MachineTimes.Read();
        double[] figures = MeasureAlone(work, side, arguments);
        // the programs have ended, and their times are known
        return new Outcome(figures, Disturbance.Between(before, MachineTimes.Read(), Environment.ProcessorCount));
    }

    private double[] MeasureAlone(Work work, Peer side, IReadOnlyList<string> arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(_limit);
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            string[] given = [.. arguments.Select(argument => argument.Replace(Folder, folder.FullName, StringComparison.Ordinal))];
            return Measure(work, side, given, limit.Token);
        }
        catch (PeerFailedException) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private double[] Measure(Work work, Peer side, string[] arguments, CancellationToken cancel)
    {
        string program = Peers.IsOurs(side.Name) ? work.OurProgram : work.Program;
        IEnumerable<string> metrics = work.Cases.Select(static @case => @case.Metric);
        switch (work.Partner)
        {
            case Partner.Sender: // binds, and then the sender connects
            {
                using PeerProcess receiver = Start(work, side, program, arguments, cancel);
                using PeerProcess sender = Start(work, peers.Helper, "feed", [receiver.Await("bound"), .. arguments[1..]], cancel);
                return receiver.AwaitFigures(metrics);
            }

            case Partner.Sink:
            {
                using PeerProcess sink = Start(work, peers.Helper, "sink", [arguments[0], arguments[^1]], cancel);
                using PeerProcess sender = Start(work, side, program, [sink.Await("bound"), .. arguments[1..]], cancel);
                return sender.AwaitFigures(metrics);
            }

            case Partner.Asker:
            {
                using PeerProcess server = Start(work, side, program, arguments, cancel);
                using PeerProcess asker = Start(work, peers.Helper, "ask", [server.Await("bound"), "100"], cancel);
                TimeSpan before = server.ProcessorTime;
                double[] trips = asker.AwaitFigures(metrics.Where(static metric => metric != Taken));
                double taken = (server.ProcessorTime - before) / asker.Stopwatch.Elapsed;
                return work.Cases[^1].Metric == Taken ? [.. trips, taken] : trips;
            }

            case Partner.Stopwatch:
            {
                using PeerProcess process = Start(work, side, program, arguments, cancel);
                process.Await("first");
                return [process.Stopwatch.Elapsed.TotalNanoseconds];
            }

            case Partner.Observer:
            {
                using PeerProcess process = Start(work, side, program, arguments, cancel);
                process.Await("serving");
                return [process.Stopwatch.Elapsed.TotalNanoseconds, process.ResidentKilobytes, KilobytesOf(side.Command[^1])];
            }

            default:
            {
                using PeerProcess process = Start(work, side, program, arguments, cancel);
                return process.AwaitFigures(metrics);
            }
        }
    }

    /// <summary>Of a program's files: all that lies beside it, but what only debuggers want.</summary>
    private static double KilobytesOf(string program) => new FileInfo(program).Directory!.EnumerateFiles()
        .Where(static file => file.Extension is not (".pdb" or ".dbg" or ".xml")).Sum(static file => file.Length) / 1024.0;

    private PeerProcess Start(Work work, Peer side, string program, IEnumerable<string> arguments, CancellationToken cancel) =>
        new(side.Name, [.. side.Command, program, _seconds, .. arguments], work.IsWarm, cancel);
}
