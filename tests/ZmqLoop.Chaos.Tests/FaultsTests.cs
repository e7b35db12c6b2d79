namespace ZmqLoop.Chaos.Tests;

/// <summary>What breaks between peers and below them.</summary>
public sealed class FaultsTests() : ChaosTests("faults")
{
    public static TheoryData<string> Cases => CasesOf("faults");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task What_breaks_is_survived_and_who_repeats_loses_nothing(string name) => RunAsync(name);
}
