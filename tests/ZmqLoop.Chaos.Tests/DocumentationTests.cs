using System.Text.RegularExpressions;

namespace ZmqLoop.Chaos.Tests;

/// <summary>What the docs name is there.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Each_case_that_the_threat_table_names_is_one()
    {
        string[] named = [.. Named().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "security.md")))
            .Select(static match => match.Groups[1].Value)];
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Catalogue.All.Select(static one => one.FullName)));
    }

    [Fact]
    public void Each_test_that_the_threat_table_names_is_one()
    {
        string tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText));
        string[] named = [.. File.ReadLines(Path.Combine(Checkout.Root, "docs", "security.md"))
            .Where(static line => line.StartsWith('|')).SelectMany(static line => Tests().Matches(line))
            .Select(static match => match.Groups[1].Value)];
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tests, StringComparison.Ordinal));
    }

    [GeneratedRegex("`chaos ([a-z]+/[a-z-]+)`")]
    private static partial Regex Named();

    [GeneratedRegex("`([A-Z][A-Za-z]*(?:Tests|_[A-Za-z_]+))")]
    private static partial Regex Tests();
}
