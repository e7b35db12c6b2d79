using Microsoft.Extensions.Logging;

namespace ZmqLoop.Testing;

/// <summary>The garbage collector at work, as often as it takes: Debug code, for one, holds on to things a little longer.</summary>
public static class Forgetting
{
    /// <summary>Collects, and has the loop do what that leads to, until the condition holds.</summary>
    public static bool CollectUntil(Func<bool> condition, Action run)
    {
        bool holds = false;
        for (int i = 0; i < 10 && !holds; i++)
        {
            Collect(run);
            holds = condition();
        }

        return holds;
    }

    /// <summary>Collects all that could be collected.</summary>
    public static void Collect(Action run)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        run();
    }

    public static string[] Warnings(this RecordingLoggers loggers) =>
        [.. loggers.Entries.Where(static entry => entry.Level == LogLevel.Warning).Select(static entry => entry.Text)];
}
