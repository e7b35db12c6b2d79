namespace ZmqLoop.Chaos.Tests;

/// <summary>Strangers send bytes.</summary>
public sealed class WireTests() : ChaosTests("wire")
{
    public static TheoryData<string> Cases => CasesOf("wire");

    [Theory]
    [MemberData(nameof(Cases))]
    public Task What_strangers_send_hurts_nobody_but_them(string name) => RunAsync(name);
}
