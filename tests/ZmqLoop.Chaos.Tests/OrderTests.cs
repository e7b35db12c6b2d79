namespace ZmqLoop.Chaos.Tests;

/// <summary>Numbered messages.</summary>
public sealed class OrderTests() : ChaosTests("order")
{
    public static TheoryData<string> Cases => CasesOf("order");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Nothing_is_lost_doubled_or_out_of_order(string name) => RunAsync(name);
}
