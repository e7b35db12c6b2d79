using System.Globalization;

namespace ZmqLoop.Compare;

/// <summary>What the loop on NetMQ is meant to reach, and whether it does.</summary>
/// <param name="Text">What is looked at.</param>
/// <param name="Bound">The figure that is wanted.</param>
/// <param name="IsLeast">Whether it is wanted at least, or at most.</param>
/// <param name="Figure">What was measured; null where a comparison that it is computed from was not kept.</param>
internal sealed record Claim(string Text, double Bound, bool IsLeast, double? Figure)
{
    /// <summary>Such as "at most 1.2".</summary>
    public string Wanted => string.Create(CultureInfo.InvariantCulture, $"at {(IsLeast ? "least" : "most")} {Bound}");

    /// <summary>yes, no, or unknown where it was not measured on a quiet machine.</summary>
    public string Word => Figure is not { } figure ? "unknown" : IsMet(figure) ? "yes" : "no";

    private bool IsMet(double figure) => IsLeast ? figure >= Bound : figure <= Bound;
}
