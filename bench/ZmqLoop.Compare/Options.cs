using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const int UsualPairs = 5;

    public const string Usage = """
        ./build.sh compare [netmq] [--quick] [--pairs N] [--seconds S] [--results FOLDER] [--anew] [CASE...]

          CASE             such as recv-tcp-100-1; its beginning (recv-tcp, idle), or a pattern ('recv-*-100-1'). None: all
          netmq            only against NetMQ's own, in the cases that say most: 12 minutes
          --quick          3 shorter pairs of a case of each family, against at most 2 peers; nothing noisy is tried again
          --pairs N        runs of each side, by turns (5, and 9 of what is close)
          --seconds S      how long a run measures, after a warm-up (0.3)
          --results FOLDER where the table, the figures and the pictures go, into those that are there: bench/results for all cases
                           and for netmq, artifacts/compare for others
          --anew           peers may be twice as fast or as slow as when they were measured last: for a new version of one
          --redraw         measures nothing: tables and pictures again, from the figures that are there
          --list           the cases and their peers
        """;

    private const string NetMQWord = "netmq";

    public bool Quick { get; init; }

    public bool NetMQ { get; init; }

    public bool List { get; init; }

    public bool Redraw { get; init; }

    public bool Anew { get; init; }

    /// <summary>Null: as each work says.</summary>
    public int? Pairs { get; init; }

    public double Seconds { get; init; } = 0.3;

    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>The most peers that each work is run against; those that are missing do not count.</summary>
    public int PeersPerWork => Quick ? 2 : int.MaxValue;

    /// <summary>Where the results go.</summary>
    public string Folder
    {
        get => field ?? (IsOfAll ? Path.Combine("bench", "results") : Path.Combine("artifacts", "compare"));
        init;
    }

    private bool IsOfAll => Cases.Count == 0 || (NetMQ && Cases == Catalogue.NetMQ);

    /// <summary>Whether a peer takes part.</summary>
    public bool Means(string peer) => !NetMQ || Peers.IsNetMQ(peer);

    /// <exception cref="ArgumentException">Something on it makes no sense.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        Queue<string> left = new(arguments);
        Options options = arguments.Contains("--quick") ? new Options { Quick = true, Pairs = 3, Seconds = 0.2 } : new Options();
        while (left.TryDequeue(out string? argument))
        {
            options = argument switch
            {
                "--quick" => options,
                "--list" => options with { List = true },
                "--redraw" => options with { Redraw = true },
                "--anew" => options with { Anew = true },
                "--pairs" => options with { Pairs = Whole(argument, left) },
                "--seconds" => options with { Seconds = Number(argument, left) },
                "--results" => options with { Folder = Word(argument, left) },
                NetMQWord => options with { NetMQ = true },
                _ when argument.StartsWith('-') => throw new ArgumentException($"There is no option '{argument}'."),
                _ => options with { Cases = [.. options.Cases, argument] },
            };
        }

        if (options.Cases.Count > 0) return options;
        return options.Quick
            ? options with { Cases = Catalogue.Quick } : options.NetMQ ? options with { Cases = Catalogue.NetMQ }
            : options;
    }

    private static string Word(string option, Queue<string> left) =>
        left.TryDequeue(out string? word) ? word : throw new ArgumentException($"{option} needs a folder.");

    private static int Whole(string option, Queue<string> left) =>
        (int)Number(option, left) is var number and > 0 ? number : throw new ArgumentException($"{option} must be at least 1.");

    private static double Number(string option, Queue<string> left) =>
        left.TryDequeue(out string? text)
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && number > 0
            ? number
            : throw new ArgumentException($"{option} needs a number greater than 0.");
}
