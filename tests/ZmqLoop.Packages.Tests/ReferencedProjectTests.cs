using System.Text.Json;

namespace ZmqLoop.Packages;

/// <summary>A project elsewhere that references one of these builds it too.</summary>
public sealed class ReferencedProjectTests(PackedPackages packages)
{
    [Fact]
    public async Task The_rules_of_this_house_are_not_those_of_who_references_a_project()
    {
        Assert.Equal(("true", "latest-recommended", ""), await RulesAsync(Checkout.Root));
        Assert.Equal(("false", "latest", "false"), await RulesAsync(packages.Root)); // what the SDK sets by itself, and no analyzers
    }

    /// <summary>An analyzer, for .NET Standard, is restored with the program, and could not be published ahead of time.</summary>
    [Theory]
    [InlineData("ZmqLoop.Analyzers")]
    [InlineData("ZmqLoop.Analyzers.CodeFixes")]
    public async Task How_a_program_is_published_is_nothing_to_the_analyzers_that_come_along(string name)
    {
        string project = Path.Combine(Checkout.Root, "src", name, name + ".csproj");
        string publishes = await Command.MustAsync(Command.DotnetAsync(Checkout.Root, "msbuild", project, "-p:PublishAot=true",
            "-p:PublishTrimmed=true", "-getProperty:PublishAot,PublishTrimmed"));
        Assert.Equal(["false", "false"], JsonDocument.Parse(publishes).RootElement.GetProperty("Properties").EnumerateObject()
            .Select(static property => property.Value.GetString()));
    }

    private static async Task<(string WarningsAsErrors, string Level, string Analyzers)> RulesAsync(string startingIn)
    {
        string project = Path.Combine(Checkout.Root, "src", "ZmqLoop", "ZmqLoop.csproj");
        string json = await Command.MustAsync(Command.DotnetAsync(startingIn, "msbuild", project,
            "-getProperty:TreatWarningsAsErrors,AnalysisLevel,RunAnalyzers"));
        JsonElement rules = JsonDocument.Parse(json).RootElement.GetProperty("Properties");
        return (Value("TreatWarningsAsErrors"), Value("AnalysisLevel"), Value("RunAnalyzers"));

        string Value(string name) => rules.GetProperty(name).GetString()!;
    }
}
