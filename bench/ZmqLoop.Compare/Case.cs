namespace ZmqLoop.Compare;

/// <summary>One figure of a <see cref="Work"/>'s run, under the name it is reported by.</summary>
/// <param name="Name">Such as recv-tcp-100-1.</param>
/// <param name="Text">The same for people, such as "receive 100-byte messages over tcp".</param>
/// <param name="Metric">The word that the programs print before it.</param>
/// <param name="Unit">What it is in.</param>
internal sealed record Case(string Name, string Text, string Metric, Unit Unit);
