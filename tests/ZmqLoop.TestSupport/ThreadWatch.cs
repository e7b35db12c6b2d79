namespace ZmqLoop.Testing;

/// <summary>Sees from outside how a thread falls asleep, as the kernel counts it: for tests of what happens during one wait.</summary>
public sealed class ThreadWatch
{
    private readonly string _status;

    private ThreadWatch(string status) => _status = status;

    /// <summary>True where there is a kernel to ask.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux();

    /// <summary>Watches the calling thread.</summary>
    public static ThreadWatch OfThisThread() => new($"/proc/{new FileInfo("/proc/thread-self").LinkTarget}/status");

    /// <summary>Waits until the thread sleeps and has fallen asleep more often than this.</summary>
    /// <returns>How often it has fallen asleep by now.</returns>
    public long WaitUntilAsleep(long after = -1)
    {
        long sleeps = 0;
        Deadline.WaitUntil(() =>
        {
            (bool asleep, sleeps) = Look();
            return asleep && sleeps > after;
        }, () => $"The thread has slept {sleeps} times.");
        return sleeps;
    }

    private (bool Asleep, long Sleeps) Look()
    {
        bool asleep = false;
        long sleeps = 0;
        foreach (string line in File.ReadLines(_status))
        {
            if (line.StartsWith("State:", StringComparison.Ordinal)) asleep = line.Contains("(sleeping)", StringComparison.Ordinal);
            if (line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
                sleeps = long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(),
                    provider: System.Globalization.CultureInfo.InvariantCulture);
        }

        return (asleep, sleeps);
    }
}
