namespace ZmqLoop.Chaos;

/// <summary>What goes on for a while, as attacks do. Never instead of a condition.</summary>
internal static class Pause
{
    private static readonly ManualResetEventSlim _never = new();

    public static void For(TimeSpan time) => _never.Wait(time);

    public static void For(double seconds) => For(TimeSpan.FromSeconds(seconds));

    /// <summary>Waits until a condition holds.</summary>
    /// <returns>False where it did not in time.</returns>
    public static bool Until(Func<bool> condition, double seconds)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start).TotalSeconds > seconds) return false;
            For(TimeSpan.FromMilliseconds(1));
        }

        return true;
    }
}
