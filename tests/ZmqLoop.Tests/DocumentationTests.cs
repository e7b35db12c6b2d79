using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

public sealed partial class DocumentationTests
{
    public static TheoryData<string> Pages() =>
        [Path.Combine("bench", "README.md"), .. Directory.EnumerateFiles(Checkout.Root, "*.md").Concat(Directory.EnumerateFiles(
            Path.Combine(Checkout.Root, "docs"), "*.md")).Concat(PackageReadmes()).Select(InCheckout).Order()];

    public static TheoryData<string> ReadmesOfPackages() => [.. PackageReadmes().Select(InCheckout)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Programs_shown_are_the_programs_that_are_compiled_and_run(string page)
    {
        foreach (Match shown in Shown().Matches(File.ReadAllText(Path.Combine(Checkout.Root, page))))
            Assert.Equal(File.ReadAllText(Path.Combine(Checkout.Root, shown.Groups["file"].Value)), shown.Groups["code"].Value,
                ignoreLineEndingDifferences: true);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_page_begins_with_its_title(string page) =>
        Assert.StartsWith("# ", File.ReadLines(Path.Combine(Checkout.Root, page)).First(), StringComparison.Ordinal);

    [Fact]
    public void The_readme_shows_the_quickstart() => Assert.Contains("examples/Quickstart/Program.cs",
        File.ReadAllText(Path.Combine(Checkout.Root, "README.md")), StringComparison.Ordinal);

    [Fact]
    public void The_page_on_scaling_shows_the_broker_and_its_workers() => Assert.All(["Broker", "Member", "Worker"], static file =>
        Assert.Contains($"<!-- examples/Cluster/{file}.cs -->", File.ReadAllText(Path.Combine(Checkout.Root, "docs", "scaling.md")),
            StringComparison.Ordinal));

    [Theory]
    [InlineData("contexts.md", "Contexts", 5)]
    [InlineData("streams.md tracing.md", "Streams", 7)]
    [InlineData("devices.md", "Devices", 3)]
    [InlineData("publish-subscribe.md", "PubSub", 2)]
    [InlineData("security.md", "Security", 2)]
    [InlineData("netmq.md", "NetMQPrograms", 2)]
    public void A_guide_shows_its_programs(string pages, string folder, int count)
    {
        string guide = string.Concat(pages.Split(' ').Select(page => File.ReadAllText(Path.Combine(Checkout.Root, "docs", page))));
        string[] programs = [.. Directory.EnumerateFiles(Path.Combine(Checkout.Root, "examples", folder), "*.cs").Select(Path.GetFileName)
            .Where(name => name != "Program.cs")!];
        Assert.Equal(count, programs.Length);
        Assert.All(programs,
            program => Assert.Contains($"<!-- examples/{folder}/{program} -->\n```csharp\n", guide, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_between_pages_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, page))!;
        foreach (Match link in Links().Matches(File.ReadAllText(Path.Combine(Checkout.Root, page))))
            Assert.True(Path.Exists(Path.Combine(folder, link.Groups["target"].Value)),
                $"{page} links to {link.Groups["target"].Value}, which is not there.");
    }

    [Fact]
    public void Every_page_is_in_the_sites_table_of_contents_once()
    {
        string docs = Path.Combine(Checkout.Root, "docs");
        string[] listed = [.. Listed().Matches(File.ReadAllText(Path.Combine(docs, "toc.yml")))
            .Select(static page => page.Groups[1].Value)];
        Assert.Equal(Directory.EnumerateFiles(docs, "*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal),
            listed.Order(StringComparer.Ordinal));
    }

    /// <summary>They are read on nuget.org.</summary>
    [Theory]
    [MemberData(nameof(ReadmesOfPackages))]
    public void Links_of_a_package_are_absolute_and_lead_somewhere(string page)
    {
        string text = File.ReadAllText(Path.Combine(Checkout.Root, page));
        Assert.Empty(Links().Matches(text));
        MatchCollection pages = ProjectLinks().Matches(text);
        Assert.NotEmpty(pages);
        Assert.All(pages, link => Assert.True(File.Exists(Path.Combine(Checkout.Root, link.Groups["target"].Value)), link.Value));
    }

    [Fact]
    public void The_workflow_runs_commands_that_there_are_on_three_systems()
    {
        string workflow = File.ReadAllText(Path.Combine(Checkout.Root, ".github", "workflows", "test.yml"));
        Assert.All((string[])["ubuntu-", "macos-", "windows-"], system => Assert.Contains(system, workflow, StringComparison.Ordinal));
        string script = File.ReadAllText(Path.Combine(Checkout.Root, "build.sh"));
        string[] commands = [.. Commands().Matches(workflow).Select(static command => command.Groups[1].Value).Distinct()];
        Assert.Contains("test", commands);
        Assert.All(commands, command => Assert.Contains($"\n  {command}) ", script, StringComparison.Ordinal));
        Assert.Contains("dotnet test ZmqLoop.sln", workflow, StringComparison.Ordinal); // Windows has no shell of its own for it
    }

    private static IEnumerable<string> PackageReadmes() =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "README.md", SearchOption.AllDirectories);

    private static string InCheckout(string path) => Path.GetRelativePath(Checkout.Root, path);

    [GeneratedRegex(@"href: (\S+)")]
    private static partial Regex Listed();

    [GeneratedRegex(@"run: \./build\.sh (\w+)")]
    private static partial Regex Commands();

    [GeneratedRegex("<!-- (?<file>(?:examples|tests)/[^ ]+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shown();

    [GeneratedRegex(@"\]\((?!https?:|#)(?<target>[^)#]+)(#[^)]*)?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"\]\(https://github\.com/zmqloop/zmqloop/blob/main/(?<target>[^)#]+)(#[^)]*)?\)")]
    private static partial Regex ProjectLinks();
}
