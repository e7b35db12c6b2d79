using System.Globalization;
using System.Runtime.InteropServices;

namespace ZmqLoop.Compare;

/// <summary>Where and when it was measured, and how busy the machine was with other things.</summary>
internal sealed record Machine(string Cpu, int Cores, string System, string Runtime, string Began, string LoadBefore, string LoadAfter)
{
    public static Machine Describe(DateTimeOffset began, string loadBefore) =>
        new(Model(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, began.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC", loadBefore, Load());

    /// <summary>The load averages over 1, 5 and 15 minutes.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";

    private static string Model() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown"
        : "unknown";
}
