using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ZmqLoop.Packages;

public sealed partial class PackageTests(PackedPackages packages)
{
    private const string Project = "https://github.com/zmqloop/zmqloop";

    private const string Analyzers = "analyzers/dotnet/cs/";

    // Of Portable PDBs: where a debugger fetches the sources.
    private static readonly Guid _sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Names() => [.. PackedPackages.Names];

    [Fact]
    public void Every_project_under_src_and_templates_is_packed_and_no_other() => Assert.Equal(PackedPackages.Names.Order(),
        Directory.EnumerateFiles(packages.Folder, "*.nupkg").Select(Path.GetFileName)
            .Select(static file => Version().Replace(file!, "")).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_package_says_what_it_is_and_where_to_read_on(string name)
    {
        using ZipArchive package = Open(name, "nupkg");
        XElement metadata = Metadata(package, name);
        Assert.Equal(name, metadata.Named("id"));
        Assert.Equal("MIT", metadata.Named("license"));
        Assert.Equal(Project, metadata.Named("projectUrl"));
        Assert.StartsWith(Project, metadata.Named("releaseNotes"), StringComparison.Ordinal);
        Assert.NotEqual("Package Description", metadata.Named("description")); // NuGet's own, where there is none
        Assert.Equal(Read(package, "icon.png"), File.ReadAllBytes(Path.Combine(Checkout.Root, "src", "icon.png")));
        Assert.StartsWith("# " + name + "\n", Encoding.UTF8.GetString(Read(package, metadata.Named("readme"))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Symbols_say_where_their_sources_are_and_nothing_of_this_machine(string name)
    {
        using ZipArchive package = Open(name, "nupkg");
        string[] assemblies = [.. package.Entries.Where(static entry => entry.Name.StartsWith("ZmqLoop") && entry.Name.EndsWith(".dll"))
            .Select(static entry => entry.FullName)]; // a tool brings those of others, too
        if (assemblies.Length == 0) return; // it brings other packages
        using ZipArchive symbols = Open(name, "snupkg");
        foreach (string assembly in assemblies)
        {
            Assert.DoesNotContain(Checkout.Root, Encoding.UTF8.GetString(Read(package, assembly)), StringComparison.Ordinal);
            using MetadataReaderProvider provider = assembly.StartsWith(Analyzers, StringComparison.Ordinal)
                ? EmbeddedSymbols(Read(package, assembly)) // where compilers load from, nobody looks for symbols
                : MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Read(symbols, Path.ChangeExtension(assembly, ".pdb"))));
            Assert.DoesNotContain(Checkout.Root, Encoding.UTF8.GetString(BytesOf(provider.GetMetadataReader())), StringComparison.Ordinal);
            if (!Path.Exists(Path.Combine(Checkout.Root, ".git"))) continue; // which commit it is, only git knows
            Assert.Matches("^{\"documents\":{\"/_/\\*\":\"https://raw.githubusercontent.com/zmqloop/zmqloop/[0-9a-f]{40}/\\*\"}}$",
                SourceLink(provider.GetMetadataReader()));
        }
    }

    [Theory]
    [InlineData("ZmqLoop", "ZmqLoop.NetMQ", "ZmqLoop.Streams")]
    [InlineData("ZmqLoop.Core", "Microsoft.Extensions.Logging.Abstractions")]
    [InlineData("ZmqLoop.Streams", "ZmqLoop.Core")]
    [InlineData("ZmqLoop.NetMQ", "AsyncIO", "NetMQ", "ZmqLoop.Core")]
    [InlineData("ZmqLoop.LibZmq", "ZmqLoop.Core")]
    [InlineData("ZmqLoop.Hosting",
        "Microsoft.Extensions.Diagnostics.HealthChecks", "Microsoft.Extensions.Hosting.Abstractions", "ZmqLoop.Streams")]
    [InlineData("ZmqLoop.Dashboard", "ZmqLoop.Streams")] // and ASP.NET Core's shared framework
    [InlineData("ZmqLoop.Testing", "ZmqLoop.Core")] // of whichever test framework
    public void A_package_brings_what_it_needs_and_no_more(string name, params string[] needed)
    {
        using ZipArchive package = Open(name, "nupkg");
        Assert.Equal(needed, Metadata(package, name).Descendants().Where(static element => element.Name.LocalName == "dependency")
            .Select(static element => element.Attribute("id")!.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_cores_package_brings_its_analyzers_and_their_fixes_and_nothing_of_theirs_to_run()
    {
        using ZipArchive package = Open("ZmqLoop.Core", "nupkg");
        Assert.Equal([Analyzers + "ZmqLoop.Analyzers.CodeFixes.dll", Analyzers + "ZmqLoop.Analyzers.dll"],
            package.Entries.Select(static entry => entry.FullName)
                .Where(static entry => entry.Contains("Analyzers", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Packed_in_two_folders_the_packages_are_the_same()
    {
        string second = await packages.SecondFolder;
        string[] files = [.. Directory.EnumerateFiles(packages.Folder).Select(Path.GetFileName).Order()!];
        Assert.Equal(files, Directory.EnumerateFiles(second).Select(Path.GetFileName).Order());
        Assert.Empty(files.SelectMany(file => Differences(Path.Combine(packages.Folder, file), Path.Combine(second, file))));
    }

    private static IEnumerable<string> Differences(string first, string second)
    {
        using ZipArchive one = ZipFile.OpenRead(first);
        using ZipArchive other = ZipFile.OpenRead(second);
        foreach (string entry in one.Entries.Concat(other.Entries).Select(static entry => entry.FullName).Distinct())
        {
            if (one.GetEntry(entry) is null || other.GetEntry(entry) is null || !Read(one, entry).SequenceEqual(Read(other, entry)))
                yield return $"{entry} of {Path.GetFileName(first)}";
        }
    }

    private static string SourceLink(MetadataReader pdb) => Encoding.UTF8.GetString(pdb.GetBlobBytes(
        pdb.CustomDebugInformation.Select(pdb.GetCustomDebugInformation).Single(information => pdb.GetGuid(information.Kind) == _sourceLink)
            .Value));

    private static MetadataReaderProvider EmbeddedSymbols(byte[] assembly)
    {
        using PEReader reader = new(new MemoryStream(assembly));
        return reader.ReadEmbeddedPortablePdbDebugDirectoryData(
            reader.ReadDebugDirectory().Single(static entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb));
    }

    private static unsafe byte[] BytesOf(MetadataReader reader) => new Span<byte>(reader.MetadataPointer, reader.MetadataLength).ToArray();

    private static XElement Metadata(ZipArchive package, string name) =>
        XDocument.Load(new MemoryStream(Read(package, name + ".nuspec"))).Root!.Elements().Single();

    private static byte[] Read(ZipArchive package, string entry)
    {
        using Stream stream = package.GetEntry(entry)?.Open() ?? throw new FileNotFoundException("The package has no " + entry);
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private ZipArchive Open(string name, string extension) => ZipFile.OpenRead(Directory.EnumerateFiles(packages.Folder)
        .Single(file => Version().Replace(Path.GetFileName(file), "") == name && file.EndsWith("." + extension, StringComparison.Ordinal)));

    [GeneratedRegex(@"\.\d+\.\d+\.\d+(-.*)?\.s?nupkg$")]
    private static partial Regex Version();
}

file static class NuspecExtensions
{
    public static string Named(this XElement metadata, string name) =>
        metadata.Elements().Single(element => element.Name.LocalName == name).Value;
}
