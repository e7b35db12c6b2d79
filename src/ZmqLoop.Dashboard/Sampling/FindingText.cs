using System.Globalization;
using static System.FormattableString;

namespace ZmqLoop.Dashboard;

/// <summary>Numbers and times in the words of findings, which are English wherever the process runs.</summary>
internal static class FindingText
{
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds switch
    {
        >= 7200 => Invariant($"{seconds / 3600:0.#} h"),
        >= 120 => Invariant($"{seconds / 60:0.#} min"),
        >= 10 => Invariant($"{seconds:0} s"),
        >= 1 => Invariant($"{seconds:0.#} s"),
        _ => Invariant($"{seconds * 1000:0} ms"),
    };
}
