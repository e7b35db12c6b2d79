namespace ZmqLoop.Vectors;

/// <summary>What a program did, and whether it is what it had to do.</summary>
public sealed class VectorRun
{
    private const int Context = 3;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    private VectorRun(VectorProgram program, IReadOnlyList<string> trace)
    {
        Program = program;
        Trace = trace;
        int common = 0;
        while (common < trace.Count && common < program.Expected.Count && trace[common] == program.Expected[common]) common++;
        FirstDifference = common == trace.Count && common == program.Expected.Count ? null : common;
    }

    public VectorProgram Program { get; }

    public IReadOnlyList<string> Trace { get; }

    /// <summary>The first line that differs, counted from zero; null if the traces are the same.</summary>
    public int? FirstDifference { get; }

    public bool Passed => FirstDifference is null;

    /// <summary>Runs a program on a thread of its own, so that it finds a thread without contexts, and cannot hang.</summary>
    public static VectorRun Of(VectorProgram program)
    {
        IReadOnlyList<string> trace = ["HALTED: the program did not end"];
        var thread = new Thread(() => trace = RunHere(program), 16 * 1024 * 1024) { IsBackground = true, Name = program.Name };
        thread.Start();
        // A thread that hangs in the library is left behind: it is a background thread, and the program has failed.
        return thread.Join(_limit) ? new VectorRun(program, trace)
            : new VectorRun(program, [$"HALTED: the program did not end within {_limit}"]);
    }

    /// <summary>The program's name and its first difference, with the lines around it.</summary>
    public string Describe()
    {
        if (FirstDifference is not { } line) return $"{Program.Name}: passed";
        List<string> text = [$"{Program.Name}: line {line + 1} differs"];
        for (int i = Math.Max(0, line - Context); i < line; i++) text.Add($"             {Trace[i]}");
        text.Add($"  expected:  {At(Program.Expected, line)}");
        text.Add($"  got:       {At(Trace, line)}");
        for (int i = line + 1; i <= line + Context; i++)
        {
            if (i < Program.Expected.Count) text.Add($"  expected+{i - line} {Program.Expected[i]}");
        }

        for (int i = line + 1; i <= line + Context; i++)
        {
            if (i < Trace.Count) text.Add($"  got+{i - line}      {Trace[i]}");
        }

        return string.Join(Environment.NewLine, text);
    }

    private static IReadOnlyList<string> RunHere(VectorProgram program)
    {
        try
        {
            using var machine = new Machine(program);
            return machine.Run();
        }
        catch (Exception error)
        {
            return [$"HALTED: {error}"];
        }
    }

    private static string At(IReadOnlyList<string> trace, int line) => line < trace.Count ? trace[line] : "(the trace ends)";
}
