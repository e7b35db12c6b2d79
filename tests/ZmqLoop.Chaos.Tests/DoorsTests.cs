namespace ZmqLoop.Chaos.Tests;

/// <summary>Strangers without the right keys.</summary>
public sealed class DoorsTests() : ChaosTests("doors")
{
    public static TheoryData<string> Cases => CasesOf("doors");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task None_comes_in_and_friends_are_served(string name) => RunAsync(name);
}
