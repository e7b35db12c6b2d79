using System.Text;
using ZmqLoop.Chaos.Branches;

namespace ZmqLoop.Chaos.Wire;

/// <summary>The inputs of one parser that are worth changing again: those that reached branches which none before had, and those that
/// brought another answer.</summary>
internal sealed class GuidedInputs
{
    private readonly Corpus _corpus = new();
    private readonly ReachedEdges _edges = new();
    private readonly List<byte[]> _reaching = []; // as many as there are edges, some times over
    private readonly bool _looks;

    /// <param name="target">Whose inputs they are.</param>
    /// <param name="looks">False: branches are counted, and nothing is kept for them.</param>
    public GuidedInputs(ParserTarget target, bool looks = true)
    {
        _looks = looks;
        foreach (byte[] seed in target.Seeds) _corpus.Learn(new HostileInput("", seed, false), new Answer(seed, "seed"));
    }

    public int Answers => _corpus.Answers;

    public int Edges => _edges.Count;

    /// <summary>One of them, changed.</summary>
    public byte[] Next(Random random)
    {
        if (_reaching.Count == 0 || random.Next(3) == 0) return _corpus.Change(random)!;
        byte[] bytes = Pick(random);
        for (int i = random.Next(1, 5); i > 0; i--) bytes = Mutation.Of(bytes, Pick(random), random);
        return bytes;
    }

    /// <summary>Parses, and remembers the input if it did what none before did.</summary>
    public void Try(byte[] input, Func<string> parse)
    {
        BranchTrace.Clear();
        string answer = parse();
        if (_edges.HasNew(BranchTrace.Counts)) Confirm(input, parse);
        _corpus.Learn(new HostileInput("", input, false), new Answer(Encoding.UTF8.GetBytes(answer), answer));
    }

    /// <summary>Once more: what is done once in a process, and what other threads did meanwhile, is not the input's merit.</summary>
    private void Confirm(byte[] input, Func<string> parse)
    {
        BranchTrace.Clear();
        parse();
        if (!_edges.HasNew(BranchTrace.Counts)) return;
        _edges.Add(BranchTrace.Counts);
        if (_looks) _reaching.Add(input);
    }

    /// <summary>Every other time one of the last: what lies behind them is least known.</summary>
    private byte[] Pick(Random random)
    {
        int first = random.Next(2) == 0 ? Math.Max(0, _reaching.Count - 8) : 0;
        return _reaching[random.Next(first, _reaching.Count)];
    }
}
