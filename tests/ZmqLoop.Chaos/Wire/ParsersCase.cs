using ZmqLoop.Chaos.Branches;

namespace ZmqLoop.Chaos.Wire;

/// <summary>Every parser of this library, in this process: what it cannot read it says so, as it is documented, and at once; what it can
/// read comes out again as it went in.</summary>
/// <remarks>Inputs are changed from ones that are right, and then from ones that reached a branch, or brought an answer, which none before
/// had.</remarks>
internal static class ParsersCase
{
    private const int WarmUp = 3_000;
    private const double Slow = 2; // seconds for one input: no parser takes that long of what is so short

    public static Task Run(Arena arena)
    {
        using ParserTargets targets = new(arena);
        IReadOnlyList<ParserTarget> all = targets.All;
        if (!BranchTrace.IsOn) arena.Fail("The library is not instrumented: branches are not seen.");
        GuidedInputs[] inputs = [.. all.Select(static target => new GuidedInputs(target))];
        Random random = arena.RandomFor(0);
        for (int i = 0; i < all.Count; i++)
        {
            foreach (byte[] seed in all[i].Seeds) Look(i, seed);
        }

        long done = 0;
        for (int i = 0; i < arena.Or(WarmUp, 100); i++) One();
        done = 0;
        arena.BeginMeasuring();
        while (arena.GoesOn(done)) One();
        arena.Result.Count = done;
        arena.Result.Note = "edges reached, kinds of answers: "
            + string.Join(", ", all.Select((target, i) => $"{target.Name} {inputs[i].Edges}, {inputs[i].Answers}"));
        Array.Clear(inputs); // what the attack remembers is not what the library keeps
        arena.EndMeasuring();
        return Task.CompletedTask;

        void One()
        {
            int index = (int)(done++ % all.Count);
            Look(index, inputs[index].Next(random));
        }

        void Look(int index, byte[] input)
        {
            ParserTarget target = all[index];
            long start = TimeProvider.System.GetTimestamp();
            inputs[index].Try(input, () => Try(arena, target, input));
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds > Slow)
                arena.Fail($"{target.Name} took {TimeProvider.System.GetElapsedTime(start)} for {Convert.ToHexString(input)}");
        }
    }

    /// <returns>What kind of answer it was.</returns>
    private static string Try(Arena arena, ParserTarget target, byte[] input)
    {
        try
        {
            return target.Parse(input);
        }
        catch (Exception exception) when (target.Documented.Contains(exception.GetType()))
        {
            // Its message names what was wrong; the words without what was quoted of the input.
            return $"{exception.GetType().Name} {new string([.. exception.Message.Where(char.IsAsciiLetter).Take(30)])}";
        }
        catch (Exception exception)
        {
            arena.Fail($"{target.Name} of {Convert.ToHexString(input)}: {exception}");
            return "undocumented";
        }
    }
}
