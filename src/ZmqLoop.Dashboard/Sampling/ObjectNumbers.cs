using System.Runtime.CompilerServices;

namespace ZmqLoop.Dashboard;

/// <summary>Numbers for loops, streams and proxies, which stay as long as they live. Any thread.</summary>
internal static class ObjectNumbers
{
    private static readonly ConditionalWeakTable<object, StrongBox<long>> _numbers = [];
    private static long _last;

    public static long Of(object numbered) =>
        _numbers.GetValue(numbered, static _ => new StrongBox<long>(Interlocked.Increment(ref _last))).Value;
}
