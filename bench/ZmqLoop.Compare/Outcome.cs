namespace ZmqLoop.Compare;

/// <summary>One run of one side.</summary>
/// <param name="Figures">Of the work's cases, as the program prints them.</param>
/// <param name="Disturbance">What else went on meanwhile.</param>
internal sealed record Outcome(double[] Figures, Disturbance Disturbance);
