namespace ZmqLoop.Chaos.Tests;

/// <summary>The short form of <c>./build.sh chaos</c>: each case on the engine of this run, for a moment. An area is a class, so that areas
/// run beside each other.</summary>
/// <param name="area">Whose cases these are.</param>
public abstract class ChaosTests(string area)
{
    private const int Seed = 17;
    private const double Share = 1.0 / 3600;

    private static readonly TimeSpan _time = TimeSpan.FromSeconds(0.5);

    private static string Engine => EngineUnderTest.Current.Environment["ZMQLOOP_ENGINE"];

    /// <summary>The cases of an area on the engine of this run.</summary>
    protected static TheoryData<string> CasesOf(string area) =>
        [.. Catalogue.Select(Engine, [area]).Select(static one => new TheoryDataRow<string>(one.Name))];

    protected async Task RunAsync(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Attacks with what only Linux has.");
        ChaosCase @case = Catalogue.Select(Engine, [$"{area}/{name}"]).Single();
        CaseRun run = new(@case, Engine, Seed, _time, Share);
        Outcome outcome = await run.RunAsync(
            line => TestContext.Current.TestOutputHelper?.WriteLine(line), TestContext.Current.CancellationToken);
        Assert.SkipWhen(outcome.IsSkipped, $"{@case.FullName}: {outcome.Skipped}");
        Assert.True(outcome.HasPassed, $"{outcome.ToJson()}\n{string.Join('\n', outcome.Failures)}");
    }
}
