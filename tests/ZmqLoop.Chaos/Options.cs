using System.Globalization;

namespace ZmqLoop.Chaos;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const double FullMinutes = 60;

    public const string Usage = """
        ./build.sh chaos [MINUTES] [AREA...] [--engine netmq|libzmq] [--seed N] [--report FILE]

          MINUTES      for each engine, at most: 3. In 60, or more, each case is tried as often as a full run asks for
          AREA         wire, faults, order, lifetime, doors; or one case, such as doors/keys. None: all
          --engine E   on that engine alone
          --seed N     the numbers of an earlier run again
          --report F   writes the report there: by default to docs/reliability.md after a full run of all areas, else to
                       artifacts/chaos/reliability.md; what the other engine has in it stays
          --list       the cases
        """;

    public double Minutes { get; init; } = 3;

    public IReadOnlyList<string> Words { get; init; } = [];

    public IReadOnlyList<string> Engines { get; init; } = Chaos.Engines.All;

    public int Seed { get; init; } = Random.Shared.Next(1, 1_000_000);

    public string Report
    {
        get => field ?? (Minutes >= FullMinutes && Words.Count == 0 ? "docs/reliability.md" : "artifacts/chaos/reliability.md");
        init;
    }

    public bool List { get; init; }

    /// <summary>How much of a full run it is.</summary>
    public double Share => Math.Min(1, Minutes / FullMinutes);

    /// <exception cref="ArgumentException">Something on it makes no sense.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        Options options = new();
        Queue<string> left = new(arguments);
        while (left.TryDequeue(out string? argument))
        {
            options = argument switch
            {
                "--seed" => options with { Seed = (int)Number(argument, left.TryDequeue(out string? seed) ? seed : "") },
                "--engine" => options with { Engines = [Engine(left.TryDequeue(out string? engine) ? engine : "")] },
                "--report" => options with
                {
                    Report = left.TryDequeue(out string? file) ? file : throw new ArgumentException("--report needs a file."),
                },
                "--list" => options with { List = true },
                _ when char.IsAsciiDigit(argument[0]) => options with { Minutes = Number("MINUTES", argument) },
                _ when argument.StartsWith('-') => throw new ArgumentException($"There is no option '{argument}'."),
                _ => options with { Words = [.. options.Words, argument] },
            };
        }

        Catalogue.Verify(options.Words);
        return options;
    }

    private static string Engine(string name) =>
        Chaos.Engines.All.Contains(name) ? name : throw new ArgumentException($"There is no engine '{name}': netmq or libzmq.");

    private static double Number(string what, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 && number <= int.MaxValue
            ? number : throw new ArgumentException($"{what} needs a number greater than 0, not '{text}'.");
}
