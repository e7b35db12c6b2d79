namespace ZmqLoop.Chaos.Tests;

/// <summary>Streams and loops in every order.</summary>
public sealed class LifetimeTests() : ChaosTests("lifetime")
{
    public static TheoryData<string> Cases => CasesOf("lifetime");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task However_they_end_nothing_is_left_and_nobody_waits(string name) => RunAsync(name);
}
