using System.Diagnostics;

namespace ZmqLoop.Testing;

/// <summary>One thread posts just when the loop falls asleep: as soon as a callback ran, it posts the next, so that each post meets the loop on its way to bed.</summary>
public static class SleepWakeRace
{
    /// <summary>Runs the loop on a thread of its own, and posts from this one.</summary>
    /// <param name="loop">The loop; it is stopped when all rounds are done.</param>
    /// <param name="rounds">How many posts.</param>
    /// <param name="limit">When to be content with fewer: a round is two switches of threads, which on a loaded machine take milliseconds.</param>
    /// <exception cref="TimeoutException">A wake-up was lost.</exception>
    public static void Run(IOLoop loop, int rounds, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Thread runner = new(loop.Start) { IsBackground = true }; // one that is never woken must not keep the process
        runner.Start();
        int done = 0;
        Action callback = () => Volatile.Write(ref done, done + 1);
        long start = Stopwatch.GetTimestamp();
        for (int i = 1; i <= rounds && Stopwatch.GetElapsedTime(start) < limit; i++)
        {
            loop.SpawnCallback(callback);
            Await(ref done, i, loop);
            if (i % 2 == 0) Thread.SpinWait(i % 97); // meets the loop now before, now in its sleep
        }

        loop.Stop();
        if (!runner.Join(Deadline.Default)) throw new TimeoutException($"Stop did not wake the loop. {loop}");
    }

    private static void Await(ref int done, int count, IOLoop loop)
    {
        long start = Stopwatch.GetTimestamp();
        SpinWait spin = default;
        while (Volatile.Read(ref done) < count)
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (spin.NextSpinWillYield && Stopwatch.GetElapsedTime(start) > Deadline.Default)
                throw new TimeoutException($"A wake-up was lost after {done} rounds. {loop}");
        }
    }
}
