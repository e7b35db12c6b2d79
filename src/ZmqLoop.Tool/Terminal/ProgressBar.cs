using Spectre.Console;
using ZmqLoop.Tool.Running;

namespace ZmqLoop.Tool.Terminal;

/// <summary>How far long work has come, on stderr, where that is a terminal. Loop's thread.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    /// <param name="session">The run.</param>
    /// <param name="what">What is counted.</param>
    /// <param name="total">How many there will be.</param>
    /// <param name="done">How many there are.</param>
    /// <param name="work">The work itself.</param>
    public static async Task<T> ShowAsync<T>(Session session, string what, long total, Func<long> done, Func<Task<T>> work)
    {
        if (!session.ShowsProgress) return await work();
        return await ErrorLine.Terminal.Progress().AutoClear(true).StartAsync(async context =>
        {
            ProgressTask shown = context.AddTask(what, maxValue: Math.Max(total, 1));
            using PeriodicCallback look = new(() => shown.Value = done(), _interval, session.Loop);
            look.Start();
            return await work();
        });
    }
}
