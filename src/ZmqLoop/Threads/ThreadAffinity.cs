using System.Diagnostics;

namespace ZmqLoop;

/// <summary>What belongs to a loop is used on the loop's thread alone while the loop runs.</summary>
internal static class ThreadAffinity
{
    /// <summary>Debug builds throw where another thread runs the loop; in Release builds there is no call, so that this may stand in every
    /// hot path.</summary>
    /// <param name="loop">The loop; null for what has none.</param>
    /// <param name="what">What belongs to it, for the message; null for the member that was called.</param>
    /// <exception cref="InvalidOperationException">This is not its thread.</exception>
    [Conditional("DEBUG")]
    public static void Check(ILoopThread? loop, object? what = null)
    {
        if (loop?.Thread is { } thread && thread != Thread.CurrentThread) throw WrongThread(loop, what);
    }

    /// <summary>Which thread it belongs to, and how one gets there.</summary>
    public static InvalidOperationException WrongThread(ILoopThread loop, object? what = null) => new(
        $"{what ?? "This member"} belongs to the thread of {loop}, and was used from thread {Environment.CurrentManagedThreadId}: "
        + "get there by the loop's AddCallback or InvokeAsync. What any thread may call is listed in docs/loop.md.");
}
