using System.Xml.Linq;
using ZmqLoop.Packages;

[assembly: AssemblyFixture(typeof(PackedPackages))]

namespace ZmqLoop.Packages;

/// <summary>The packages, made once for all tests here from this folder, and from a copy of it that lies elsewhere.</summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private static readonly string[] _packed = ["src", "templates"];
    private static readonly string[] _sources = [.. _packed, "docs", "eng"];

    private readonly Lazy<Task<string>> _second;

    public PackedPackages() => _second = new Lazy<Task<string>>(PackACopyAsync);

    /// <summary>Where all of it is, outside of the repository.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("zmqloop-packages-").FullName;

    /// <summary>The packages made from this folder.</summary>
    public string Folder => Path.Combine(Root, "packages");

    /// <summary>Those of the copy.</summary>
    public Task<string> SecondFolder => _second.Value;

    /// <summary>What is to be packed, by the projects.</summary>
    public static IEnumerable<string> Names => _packed
        .SelectMany(static folder => Directory.EnumerateDirectories(Path.Combine(Checkout.Root, folder)))
        .SelectMany(static folder => Directory.EnumerateFiles(folder, "*.csproj"))
        .Select(static file => (File: file, Project: XDocument.Load(file)))
        .Where(static project => !project.Project.Descendants("Import").Any(static import => // they are in ZmqLoop.Core's
            import.Attribute("Project")!.Value.EndsWith("Analyzers.props", StringComparison.Ordinal)))
        .Select(static project =>
            project.Project.Descendants("PackageId").SingleOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(project.File));

    public async ValueTask InitializeAsync() => await Command.MustAsync(Command.DotnetAsync(Checkout.Root, "pack", "eng/Packages.proj",
        "--configuration", "Release", "--nologo", "--verbosity", "quiet", "--tl:off", "-p:PackageOutputPath=" + Folder));

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Root, recursive: true);
        return ValueTask.CompletedTask;
    }

    // Another folder with another name of another length, by the command that people use where there is a shell for it.
    private async Task<string> PackACopyAsync()
    {
        string copy = Path.Combine(Root, "a copy elsewhere");
        Directory.CreateDirectory(copy);
        if (Path.Exists(Path.Combine(Checkout.Root, ".git")))
            await Command.MustAsync(Command.RunAsync(Root, "git", "clone", "--quiet", "--shared", "--no-checkout", Checkout.Root, copy));
        foreach (string file in Directory.EnumerateFiles(Checkout.Root).Where(static file => Path.GetFileName(file) != ".git"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        foreach (string file in _sources.Select(static folder => Path.Combine(Checkout.Root, folder))
            .SelectMany(static folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
        {
            string target = Path.Combine(copy, Path.GetRelativePath(Checkout.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        await Command.MustAsync(OperatingSystem.IsWindows()
            ? Command.DotnetAsync(copy, "pack", "eng/Packages.proj", "--configuration", "Release", "--nologo", "--tl:off")
            : Command.RunAsync(copy, "bash", "build.sh", "pack"));
        return Path.Combine(copy, "artifacts", "packages");
    }
}
