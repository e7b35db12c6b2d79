using ZmqLoop.Chaos.Branches;

namespace ZmqLoop.Chaos.Wire;

/// <summary>That looking at branches finds what lies behind them: a lock of four bytes that says nothing until it is open.</summary>
internal static class GuidanceCase
{
    private const int Most = 2_000_000; // inputs; some 200,000 do it

    public static Task Run(Arena arena)
    {
        ParserTarget target = new("lock", [new byte[6]], [], static input =>
        {
            CombinationLock.Opens(input);
            return "silent";
        });
        arena.BeginMeasuring();
        int guided = TryToOpen(arena, target, new GuidedInputs(target));
        int blind = TryToOpen(arena, target, new GuidedInputs(target, looks: false), guided);
        if (!BranchTrace.IsOn) arena.Fail("The library is not instrumented: branches are not seen.");
        else if (guided == Most) arena.Fail($"The lock did not open with {Most:N0} inputs.");
        arena.Result.Count = (long)guided + blind;
        arena.Result.Note = $"open after {guided} inputs; " + (blind < guided ? $"{blind} blind" : "not by as many blind ones");
        return Task.CompletedTask;
    }

    private static int TryToOpen(Arena arena, ParserTarget target, GuidedInputs inputs, int most = Most)
    {
        Random random = arena.RandomFor(0);
        for (int i = 0; i < most; i++)
        {
            byte[] input = inputs.Next(random);
            inputs.Try(input, () => target.Parse(input));
            if (CombinationLock.Opens(input)) return i + 1;
        }

        return most;
    }
}
