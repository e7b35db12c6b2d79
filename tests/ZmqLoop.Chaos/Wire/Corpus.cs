namespace ZmqLoop.Chaos.Wire;

/// <summary>Inputs that brought an answer which none before had brought, to be changed and sent again.</summary>
internal sealed class Corpus
{
    private const int Most = 400;
    private const int LongestInput = 100_000;

    private readonly HashSet<ulong> _signatures = []; // their hashes: there may be very many
    private readonly List<byte[]> _inputs = [];

    /// <summary>How many kinds of answers there were.</summary>
    public int Answers => _signatures.Count;

    public void Learn(HostileInput input, Answer answer)
    {
        if (!_signatures.Add(HashOf(answer.Signature())) || input.Bytes.Length > LongestInput) return;
        if (_inputs.Count < Most) _inputs.Add(input.Bytes);
        else _inputs[_signatures.Count % Most] = input.Bytes;
    }

    /// <summary>The same in every run: FNV-1a.</summary>
    private static ulong HashOf(string signature)
    {
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char character in signature) hash = unchecked((hash ^ character) * 1_099_511_628_211);
        return hash;
    }

    /// <summary>One of them, changed; null where there is none yet.</summary>
    public byte[]? Change(Random random)
    {
        if (_inputs.Count == 0) return null;
        byte[] bytes = _inputs[random.Next(_inputs.Count)];
        for (int i = random.Next(1, 5); i > 0; i--) bytes = Mutation.Of(bytes, _inputs[random.Next(_inputs.Count)], random);
        return bytes;
    }
}
