using System.Diagnostics;

namespace ZmqLoop.Testing;

/// <summary>Threads post just when the loop falls asleep: as soon as its callback ran, each posts the next, so that each post meets the
/// loop on its way to bed.</summary>
public static class SleepWakeRace
{
    /// <summary>Runs the loop on a thread of its own, and posts from this one and, where there are to be more, from others.</summary>
    /// <param name="loop">The loop; it is stopped when all rounds are done.</param>
    /// <param name="rounds">How many posts, of all threads together.</param>
    /// <param name="limit">When to be content with fewer: a round is two switches of threads, which on a loaded machine take
    /// milliseconds.</param>
    /// <param name="posters">How many threads post.</param>
    /// <returns>How many posts were made.</returns>
    /// <exception cref="TimeoutException">A wake-up was lost.</exception>
    public static int Run(IOLoop loop, int rounds, TimeSpan limit, int posters = 1)
    {
        ArgumentNullException.ThrowIfNull(loop);
        Thread runner = new(loop.Start) { IsBackground = true }; // one that is never woken must not keep the process
        runner.Start();
        Task<int>[] others = [.. Enumerable.Range(1, posters - 1).Select(_ => Task.Factory.StartNew(
            () => Post(loop, rounds / posters, limit), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        int posts = Post(loop, rounds - others.Length * (rounds / posters), limit);
        foreach (Task<int> other in others) posts += other.GetAwaiter().GetResult();
        loop.Stop();
        if (!runner.Join(Deadline.Default)) throw new TimeoutException($"Stop did not wake the loop. {loop}");
        return posts;
    }

    private static int Post(IOLoop loop, int rounds, TimeSpan limit)
    {
        int done = 0;
        Action callback = () => Volatile.Write(ref done, done + 1);
        long start = Stopwatch.GetTimestamp();
        int round = 0;
        while (round < rounds && Stopwatch.GetElapsedTime(start) < limit)
        {
            round++;
            loop.SpawnCallback(callback);
            Await(ref done, round, loop);
            if (round % 2 == 0) Thread.SpinWait(round % 97); // meets the loop now before, now in its sleep
        }

        return round;
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
