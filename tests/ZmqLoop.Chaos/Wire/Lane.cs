namespace ZmqLoop.Chaos.Wire;

/// <summary>A stranger who sends one input after the other to one target: what he sends depends on the seed and on what he was answered,
/// and on nobody else.</summary>
/// <param name="target">Its name.</param>
/// <param name="random">Of his own.</param>
internal sealed class Lane(string target, Random random) : Stranger(target)
{
    public override void Attack(int port)
    {
        HostileInput input = Next();
        Learn(input, Exchange.With(port, input));
    }

    public HostileInput Next()
    {
        HostileInput input = random.Next(10) < 6 && Corpus.Change(random) is { } changed
            ? new HostileInput("changed", changed, Kills: false) : Grammar.Make(Target, random);
        if (input.Bytes.Length > 1 && random.Next(4) == 0)
        {
            int[] cuts = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(1, input.Bytes.Length)).Distinct().Order()];
            input = input with { Cuts = cuts };
        }

        if (random.Next(3) != 0) input = input with { Handshake = HandshakeOf(input.Bytes) };
        input = input with { Kind = $"{input.Kind} to {Target}" };
        Remember(input);
        return input;
    }

    /// <summary>The greeting of ZMTP 3 and the first frame, which ought to be READY; 0 where it does not look like that.</summary>
    private static int HandshakeOf(byte[] bytes)
    {
        const int Greeting = 64;
        if (bytes.Length < Greeting + 2 || bytes[0] != 0xff || bytes[9] != 0x7f || bytes[10] != 3 || bytes[Greeting] != 4) return 0;
        int end = Greeting + 2 + bytes[Greeting + 1];
        return end < bytes.Length ? end : 0;
    }
}
