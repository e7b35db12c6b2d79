using System.Text.RegularExpressions;

namespace ZmqLoop.Packages;

/// <summary>The Dockerfiles of the pages and examples: what they publish is what they start.</summary>
public sealed partial class ContainerTests(PackedPackages packages) : StrangerTests(packages)
{
    [Fact]
    public async Task The_one_of_docs_deployment_publishes_the_readmes_program_and_starts_it()
    {
        Stranger stranger = await Stranger.CreateAsync(Packages, "MyService", "ZmqLoop");
        string text = Dockerfile().Match(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "deployment.md"))).Groups[1].Value;
        ContainerFile file = await ContainerFile.BuildAsync(text, stranger.Folder, Path.Combine(stranger.Folder, "..", "MyService.image"));
        using ExampleProcess service = file.Start("tcp://127.0.0.1:*");
        await ServesAsync(service);
    }

    [Fact]
    public async Task The_one_of_the_cluster_publishes_a_program_that_says_how_it_is_used()
    {
        string text = File.ReadAllText(Path.Combine(Checkout.Root, "examples", "Cluster", "Dockerfile"));
        Match publish = Publish().Match(text);
        Assert.True(File.Exists(Path.Combine(Checkout.Root, publish.Groups[1].Value, "Cluster.csproj")));
        Assert.Contains($"COPY --from=build {publish.Groups[2].Value} .", text, StringComparison.Ordinal);
        string output = Path.Combine(Packages.Root, "cluster");
        await Command.MustAsync(Command.DotnetAsync(Checkout.Root, "publish", publish.Groups[1].Value, "-c", "Release", "--no-build",
            "-o", output, "--nologo", "--tl:off"));
        (int exitCode, string written) = await Command.DotnetAsync(output, "Cluster.dll");
        Assert.NotEqual(0, exitCode);
        Assert.Contains("broker", written, StringComparison.Ordinal);
    }

    [GeneratedRegex("```dockerfile\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Dockerfile();

    [GeneratedRegex(@"RUN dotnet publish (\S+) -c Release -o (/app)")]
    private static partial Regex Publish();
}
