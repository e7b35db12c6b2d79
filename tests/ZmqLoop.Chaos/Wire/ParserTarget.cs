namespace ZmqLoop.Chaos.Wire;

/// <summary>A parser, what it reads, and how it may refuse.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Seeds">Inputs that are right, or nearly.</param>
/// <param name="Documented">The exceptions that its documentation names.</param>
/// <param name="Parse">Reads, checks what came of it, and says what kind of thing that is.</param>
internal sealed record ParserTarget(string Name, IReadOnlyList<byte[]> Seeds, IReadOnlyList<Type> Documented, Func<byte[], string> Parse);
