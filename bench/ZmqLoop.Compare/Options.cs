using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Usage = """
        ./build.sh compare [--quick] [--pairs N] [--seconds S] [--results FOLDER] [CASE...]

          CASE             such as recv-tcp-100-1; its beginning (recv-tcp, idle), or a pattern ('recv-*-100-1'). None: all
          --quick          3 shorter pairs of a case of each family, against at most 2 peers
          --pairs N        runs of each side, by turns (5)
          --seconds S      how long a run measures, after a warm-up (0.3)
          --results FOLDER where the table, the figures and the pictures go: bench/results for a full run, artifacts/compare for others
          --list           the cases and their peers
        """;

    public bool Quick { get; init; }

    public bool List { get; init; }

    public int Pairs { get; init; } = 5;

    public double Seconds { get; init; } = 0.3;

    public string? Folder { get; init; }

    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <exception cref="ArgumentException">Something on it makes no sense.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        Queue<string> left = new(arguments);
        bool quick = arguments.Contains("--quick");
        Options options = quick ? new Options { Quick = true, Pairs = 3, Seconds = 0.2 } : new Options();
        while (left.TryDequeue(out string? argument))
        {
            options = argument switch
            {
                "--quick" => options,
                "--list" => options with { List = true },
                "--pairs" => options with { Pairs = (int)Number(argument, left) is var pairs and > 0 ? pairs : throw new ArgumentException("--pairs must be at least 1.") },
                "--seconds" => options with { Seconds = Number(argument, left) },
                "--results" => options with { Folder = left.TryDequeue(out string? folder) ? folder : throw new ArgumentException("--results needs a folder.") },
                _ when argument.StartsWith('-') => throw new ArgumentException($"There is no option '{argument}'."),
                _ => options with { Cases = [.. options.Cases, argument] },
            };
        }

        return quick && options.Cases.Count == 0 ? options with { Cases = Catalogue.Quick } : options;
    }

    private static double Number(string option, Queue<string> left) =>
        left.TryDequeue(out string? text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0
            ? number
            : throw new ArgumentException($"{option} needs a number greater than 0.");
}
