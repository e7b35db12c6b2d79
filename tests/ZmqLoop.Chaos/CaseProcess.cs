using System.Globalization;
using ZmqLoop.Chaos.Branches;

namespace ZmqLoop.Chaos;

/// <summary>One case in this process.</summary>
internal static class CaseProcess
{
    /// <summary>Runs it and prints what came of it.</summary>
    public static async Task<int> RunAsync(string name, string engine, string seed, string seconds, string share)
    {
        BranchTrace.Begin();
        ChaosCase @case = Catalogue.All.Single(one => one.FullName == name);
        Arena arena = new(
            @case, engine, int.Parse(seed, CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), double.Parse(share, CultureInfo.InvariantCulture));
        try
        {
            // On a thread of its own: a case may leave the pool none.
            await Task.Factory.StartNew(
                () => @case.Run(arena), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
        }
        catch (Exception exception)
        {
            arena.Fail($"It threw {exception}");
        }

        arena.Result.Seconds = arena.Age.TotalSeconds;
        Console.WriteLine("RESULT " + arena.Result.ToJson());
        Console.Out.Flush();
        Environment.Exit(0); // whatever a case may have left running
        return 0;
    }
}
