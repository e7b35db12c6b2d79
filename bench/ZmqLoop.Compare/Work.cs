using System.IO.Enumeration;

namespace ZmqLoop.Compare;

/// <summary>What a program does in one run. A run may answer more than one case.</summary>
/// <param name="Name">Names the work on the command line.</param>
/// <param name="Family">The picture that its cases are in.</param>
/// <param name="Partner">What else must run meanwhile.</param>
/// <param name="Program">The program's word for it.</param>
/// <param name="Arguments">What follows the seconds.</param>
/// <param name="Cases">The figures that are reported.</param>
/// <param name="Peers">Against whom, by name.</param>
internal sealed record Work(string Name, string Family, Partner Partner, string Program, string[] Arguments, Case[] Cases, string[] Peers)
{
    /// <summary>False where starting is what is measured.</summary>
    public bool IsWarm { get; init; } = true;

    /// <summary>The engines that we run it on.</summary>
    public string[] Ours { get; init; } = [Compare.Peers.OursOnNetMQ, Compare.Peers.OursOnLibzmq];

    /// <summary>How many runs of each side, where that is not the usual number.</summary>
    public int? Pairs { get; init; }

    /// <summary>Our program's word for it, where that is another.</summary>
    public string OurProgram { get; init; } = Program;

    /// <summary>More arguments against one peer: a slow one gets fewer operations, and so do we then.</summary>
    public Func<string, string[]>? ArgumentsFor { get; init; }

    public IReadOnlyList<string> ArgumentsAgainst(string peer) => [.. Arguments, .. ArgumentsFor?.Invoke(peer) ?? []];

    /// <summary>By its name, that of a case, or a pattern with *; or the beginning of a name up to a hyphen.</summary>
    public bool IsMeantBy(string pattern, bool exactly)
    {
        string[] names = [Name, .. Cases.Select(static @case => @case.Name)];
        return exactly ? names.Contains(pattern) : Array.Exists(names, Fits);

        bool Fits(string name) =>
            FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)
            || name.StartsWith(pattern + "-", StringComparison.Ordinal);
    }
}

/// <summary>The other process of a run.</summary>
internal enum Partner
{
    /// <summary>None: the program is alone.</summary>
    None,

    /// <summary>Sends to the program, in C.</summary>
    Sender,

    /// <summary>Takes what the program sends, in C.</summary>
    Sink,

    /// <summary>Asks the program, in C, and measures the round trips.</summary>
    Asker,

    /// <summary>None, and the time until the program's first line is what counts.</summary>
    Stopwatch,

    /// <summary>None: the program is one that knows nothing of measuring, and is looked at from outside.</summary>
    Observer,
}
