namespace ZmqLoop.Chaos;

/// <summary>A line of the table.</summary>
internal sealed record Row(ChaosCase Case, string Engine, Outcome Outcome);
