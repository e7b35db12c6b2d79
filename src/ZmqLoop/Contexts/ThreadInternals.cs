using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>What .NET keeps of a thread, read where it lies: its own ways there begin by asking which thread this is, each time.</summary>
internal static class ThreadInternals
{
    /// <summary>True if this version of .NET has both, in the shape that is expected here. Set by tests alone.</summary>
    public static bool AreKnown { get; set; } = Find();

    /// <summary>What the AsyncLocals are in: null stands for none.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_executionContext")]
    public static extern ref ExecutionContext? ExecutionContext(Thread thread);

    /// <summary>Where an <c>await</c> comes back to.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_synchronizationContext")]
    public static extern ref SynchronizationContext? SynchronizationContext(Thread thread);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it complains of, then it is not what is expected.")]
    private static bool Find()
    {
        try
        {
            ExecutionContext? found = ExecutionContext(Thread.CurrentThread);
            return (found is null || ReferenceEquals(found, System.Threading.ExecutionContext.Capture())
                    || System.Threading.ExecutionContext.IsFlowSuppressed())
                && ReferenceEquals(SynchronizationContext(Thread.CurrentThread), System.Threading.SynchronizationContext.Current);
        }
        catch (Exception)
        {
            return false;
        }
    }
}
