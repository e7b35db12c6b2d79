using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace ZmqLoop.Chaos.Branches;

/// <summary>Where instrumented code counts the edges that it takes, from one block of code to the next: AFL's map.</summary>
internal static unsafe class BranchTrace
{
    public const int Size = 1 << 16; // what SharpFuzz numbers its blocks for

    /// <summary>True in a process of <see cref="InstrumentedCopy"/>.</summary>
    public static bool IsOn { get; } = typeof(ZMQEngine).Assembly.GetReferencedAssemblies()
        .Any(static name => name.Name == typeof(Trace).Assembly.GetName().Name);

    public static ReadOnlySpan<byte> Counts => new(Trace.SharedMem, Size);

    /// <summary>Before anything of the library runs: instrumented code writes there, whether anybody looks or not.</summary>
    public static void Begin() => Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Size);

    /// <summary>Forgets what was counted.</summary>
    public static void Clear()
    {
        new Span<byte>(Trace.SharedMem, Size).Clear();
        Trace.PrevLocation = 0;
    }
}
