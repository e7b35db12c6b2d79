using System.Text;

namespace ZmqLoop.Chaos.Wire;

/// <summary>Every parser of this library, in this process: what it cannot read it says so, as it is documented, and at once; what it can
/// read comes out again as it went in.</summary>
/// <remarks>Inputs are changed at random from ones that are right, without looking at which branches they reach.</remarks>
internal static class ParsersCase
{
    private const int WarmUp = 3_000;
    private const double Slow = 2; // seconds for one input: no parser takes that long of what is so short

    public static Task Run(Arena arena)
    {
        using ParserTargets targets = new(arena);
        IReadOnlyList<ParserTarget> all = targets.All;
        Corpus[] corpora = [.. all.Select(static target => new Corpus())];
        Random random = arena.RandomFor(0);
        for (int i = 0; i < all.Count; i++)
        {
            foreach (byte[] seed in all[i].Seeds) corpora[i].Learn(new HostileInput("", seed, false), new Answer(seed, "seed"));
        }

        long done = 0;
        for (int i = 0; i < arena.Or(WarmUp, 100); i++) One();
        done = 0;
        arena.BeginMeasuring();
        while (arena.GoesOn(done)) One();
        arena.Result.Count = done;
        arena.Result.Note = "kinds of answers: "
            + string.Join(", ", all.Select((target, i) => $"{target.Name} {corpora[i].Answers}"));
        Array.Clear(corpora); // what the attack remembers is not what the library keeps
        arena.EndMeasuring();
        return Task.CompletedTask;

        void One()
        {
            int index = (int)(done++ % all.Count);
            ParserTarget target = all[index];
            byte[] input = corpora[index].Change(random)!;
            long start = TimeProvider.System.GetTimestamp();
            string answer = Try(arena, target, input);
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds > Slow)
                arena.Fail($"{target.Name} took {TimeProvider.System.GetElapsedTime(start)} for {Convert.ToHexString(input)}");
            corpora[index].Learn(new HostileInput("", input, false), new Answer(Encoding.UTF8.GetBytes(answer), answer));
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
