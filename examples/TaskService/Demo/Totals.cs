using System.Globalization;

namespace TaskService.Demo;

/// <summary>Adds up what the clients measured, and judges it.</summary>
internal sealed class Totals
{
    private readonly List<double> _latencies = [];
    private readonly SortedDictionary<string, int> _errors = [];
    private readonly List<string> _problems = [];
    private double _first = double.MaxValue;
    private double _last;
    private int _messages;
    private int _clients;
    private int _requests;
    private int _replies;
    private int _vanished;
    private int _outstanding;
    private int _lost;
    private int _duplicates;
    private int _mismatched;

    public required string ClientKind { get; init; }

    public required Report? Subscriber { get; init; }

    public required (int Thrown, int Ended) Garbage { get; init; }

    public required (string Signal, int? ExitCode) Service { get; init; }

    public required string Engine { get; init; }

    /// <summary>How many requests were under way when the signal came, and how many of those were answered after it.</summary>
    public required (int UnderWay, int Answered) Drained { get; init; }

    public required string Log { get; init; }

    /// <summary>It has no limit for handshakes: who begins like ZeroMQ, or like an old one, and stops, stays connected.</summary>
    private bool NetMQWaits => Engine.StartsWith("NetMQ", StringComparison.Ordinal) && Garbage.Ended < Garbage.Thrown;

    public void Add(ClientOptions options, Report? report)
    {
        _clients++;
        if (report is null)
        {
            _problems.Add($"{options.Name} ended without a report: its {options.Requests} requests count as lost");
            _requests += options.Requests;
            _lost += options.Requests;
            return;
        }

        _requests += report.Sent;
        _replies += report.Ok;
        foreach ((string kind, int count) in report.Errors) _errors[kind] = _errors.GetValueOrDefault(kind) + count;
        if (options.Vanishes)
        {
            _vanished++;
            _outstanding += report.Outstanding;
        }
        else
        {
            _lost += report.Outstanding;
        }

        _duplicates += report.Duplicates;
        _mismatched += report.Mismatched;
        _problems.AddRange(report.Notes);
        _latencies.AddRange(report.Latencies);
        if (options.Plan == "interrupt") return; // it came when the others had done their work
        _messages += report.Sent + report.Answered;
        _first = Math.Min(_first, report.First);
        _last = Math.Max(_last, report.Last);
    }

    /// <summary>Prints the table.</summary>
    /// <returns>True where all is as it must be.</returns>
    public bool Print(TextWriter output)
    {
        int errors = _errors.Values.Sum();
        foreach (string problem in _problems) output.WriteLine("! " + problem);
        output.WriteLine();
        Row("clients", _clients, ClientKind);
        Row("requests", _requests);
        Row("replies", _replies);
        Row("error replies", errors);
        foreach ((string kind, int count) in _errors) Row("  " + kind, count);
        Row("vanished clients", _vanished, $"with {_outstanding} requests outstanding");
        Row("garbage connections", Garbage.Thrown,
            $"{Garbage.Ended} closed by the service{(NetMQWaits ? "; NetMQ waits for the others to go on" : "")}");
        Row("progress messages", Heard("progress"), $"and {Heard("error")} of errors");
        Row("duplicate replies", _duplicates);
        Row("mismatched replies", _mismatched);
        Row("lost", _lost);
        double seconds = _last - _first;
        string busy = string.Create(CultureInfo.InvariantCulture,
            $"requests and replies, in the {seconds:F1} s before all but timeouts was answered");
        Row("messages/s", _messages / seconds, busy);
        Row("p50 latency, ms", Percentile(0.50));
        Row("p99 latency, ms", Percentile(0.99));
        Row("under way at signal", Drained.UnderWay, $"{Drained.Answered} answered after it");
        Row("exit code", Service.ExitCode ?? -1, $"of the service, on {Service.Signal}");
        output.WriteLine();
        output.WriteLine($"The service's log: {Log}");

        bool balanced = _requests == _replies + errors + _outstanding + _lost;
        if (!balanced) output.WriteLine("! The numbers do not add up: requests = replies + error replies + outstanding + lost.");
        return balanced && _lost == 0 && _duplicates == 0 && _mismatched == 0 && Heard("progress") > 0 && Heard("stopped") == 1
            && Service.ExitCode == 0 && (NetMQWaits || Garbage.Ended == Garbage.Thrown);

        void Row(string name, double value, string remark = "") =>
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-20} {value,10:#,0.##}  {remark}").TrimEnd());
    }

    private int Heard(string topic) => Subscriber?.Heard.GetValueOrDefault(topic) ?? 0;

    private double Percentile(double part)
    {
        if (_latencies.Count == 0) return 0;
        _latencies.Sort();
        return _latencies[Math.Min(_latencies.Count - 1, (int)(_latencies.Count * part))];
    }
}
