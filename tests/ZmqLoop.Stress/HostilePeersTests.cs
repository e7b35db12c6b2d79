using System.Globalization;
using ZmqLoop.Testing.Hostile;

namespace ZmqLoop.Stress;

/// <summary>What strangers send to NetMQ, in bulk: <c>ZMQLOOP_HOSTILE_INPUTS=1000000 ./build.sh stress
/// 'FullyQualifiedName~HostilePeers'</c>.</summary>
public sealed class HostilePeersTests
{
    private const int Seed = 14;
    private const int Piece = 50_000; // of a process
    private const int FewDescriptors = 150;

    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(14);

    public static TheoryData<string, int, int> Pieces { get; } = [.. ReadPieces()];

    /// <summary>Half of them to services, half to clients.</summary>
    [Theory]
    [MemberData(nameof(Pieces))]
    public async Task Hostile_inputs_cost_nobody_anything_but_those_who_send_them(string role, int first, int count)
    {
        SkipOnLibZmq();
        (int exitCode, string output) = await FuzzProcess.RunAsync(_limit, descriptors: null, role, $"{Seed}", $"{count}", $"{first}");
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.True(exitCode == 0, $"Ended with {exitCode}: {output}");
    }

    [Fact]
    public async Task Out_of_descriptors_a_service_lives_on()
    {
        SkipOnLibZmq();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits are set as on Linux.");
        for (int descriptors = FewDescriptors; descriptors < FewDescriptors + 60; descriptors += 7)
        {
            (int exitCode, string output) = await FuzzProcess.RunAsync(_limit, descriptors, "descriptors");
            Assert.True(exitCode == 0, $"With {descriptors} descriptors, ended with {exitCode}: {output}");
        }
    }

    private static void SkipOnLibZmq() => Assert.SkipUnless(EngineUnderTest.Current is NetMQUnderTest, "libzmq needs no guard.");

    private static IEnumerable<TheoryDataRow<string, int, int>> ReadPieces()
    {
        int all = int.Parse(Environment.GetEnvironmentVariable("ZMQLOOP_HOSTILE_INPUTS") ?? "20000", CultureInfo.InvariantCulture);
        foreach (string role in (string[])["server", "client"])
        {
            for (int first = 0; first < all / 2; first += Piece) yield return new(role, first, Math.Min(Piece, (all / 2) - first));
        }
    }
}
