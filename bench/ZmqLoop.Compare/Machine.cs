using System.Runtime.InteropServices;

namespace ZmqLoop.Compare;

/// <summary>Where it was measured, and how busy the machine was with other things.</summary>
internal sealed record Machine(string Cpu, int Cores, string System, string Runtime, string LoadBefore, string LoadAfter)
{
    /// <summary>As it is now, when a run begins.</summary>
    public static Machine Describe() =>
        new(Model(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, Load(), "");

    /// <summary>Whether figures taken there can be held against those taken here.</summary>
    public bool IsLike(Machine other) => (Cpu, Cores) == (other.Cpu, other.Cores);

    public Machine AtTheEnd() => this with { LoadAfter = Load() };

    public override string ToString() => $"{Cores} × {Cpu}, {System}, {Runtime}; load averages before {LoadBefore}, after {LoadAfter}";

    /// <summary>The load averages over 1, 5 and 15 minutes.</summary>
    private static string Load() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    private static string Model() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";
}
