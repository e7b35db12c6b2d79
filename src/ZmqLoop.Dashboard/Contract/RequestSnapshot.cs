namespace ZmqLoop.Dashboard;

/// <summary>The requests of a client.</summary>
/// <param name="InFlight">Asked, and not answered yet.</param>
/// <param name="Waiting">How many wait for a place among those.</param>
/// <param name="Answers">How many answers have come that somebody waited for, errors included.</param>
/// <param name="LateAnswers">How many have come that nobody waited for any more.</param>
internal readonly record struct RequestSnapshot(int InFlight, int Waiting, long Answers, long LateAnswers);
