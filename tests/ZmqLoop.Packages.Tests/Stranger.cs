using System.Text.RegularExpressions;

namespace ZmqLoop.Packages;

/// <summary>Somebody's first console project, outside of the repository: README's program, and the packages from their folder. Other
/// packages come from the registries that the machine knows, into a folder that was empty.</summary>
internal sealed partial class Stranger
{
    private Stranger(string folder) => Folder = folder;

    /// <summary>Where the project is.</summary>
    public string Folder { get; }

    /// <summary>Makes the project, and adds packages by their names alone.</summary>
    public static async Task<Stranger> CreateAsync(PackedPackages packages, string name, params string[] added)
    {
        string folder = MakeFolder(packages, name);
        await Command.MustAsync(Command.DotnetAsync(folder, "new", "console", "--no-restore"));
        foreach (string package in added) SkipWithoutRegistry(await Command.DotnetAsync(folder, "add", "package", package));
        File.WriteAllText(Path.Combine(folder, "Program.cs"), ReadmesProgram());
        return new Stranger(folder);
    }

    /// <summary>An empty folder in which NuGet knows these packages.</summary>
    public static string MakeFolder(PackedPackages packages, string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(packages.Root, "strangers", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="ZmqLoop" value="{packages.Folder}" /></packageSources>
              <config><add key="globalPackagesFolder" value="{Path.Combine(packages.Root, "restored")}" /></config>
            </configuration>
            """);
        return folder;
    }

    /// <summary>Builds, or publishes, what was made.</summary>
    /// <returns>The program, and the warnings, by assembly and code.</returns>
    public async Task<(string Program, string[] Warnings)> MakeAsync(params string[] arguments)
    {
        string output = Path.Combine(Folder, "made");
        string written = SkipWithoutRegistry(await Command.DotnetAsync(Folder,
            [.. arguments, "--configuration", "Release", "--output", output, "--nologo", "--tl:off"]));
        string program = Path.Combine(output, Path.GetFileName(Folder));
        return (OperatingSystem.IsWindows() ? program + ".exe" : program,
            [.. Warning().Matches(written).Select(static warning => $"{warning.Groups[1].Value} {warning.Groups[2].Value}")
                .Distinct().Order()]);
    }

    /// <summary>Writes another file beside the program.</summary>
    public void Add(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    /// <summary>Makes it one of ASP.NET Core, with an example's sources instead of README's program.</summary>
    public void TakeWebExample(string name)
    {
        string project = Directory.GetFiles(Folder, "*.csproj").Single();
        File.WriteAllText(project, File.ReadAllText(project).Replace("\"Microsoft.NET.Sdk\"", "\"Microsoft.NET.Sdk.Web\""));
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "examples", name))
            .Where(static file => Path.GetExtension(file) is ".cs" or ".json"))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
    }

    private static string ReadmesProgram()
    {
        Match program = Program().Match(File.ReadAllText(Path.Combine(Checkout.Root, "README.md")));
        Assert.True(program.Success, "README.md shows no program.");
        return program.Groups[1].Value;
    }

    /// <summary>What the registry does not serve is no fault of these packages, and what it serves has to work.</summary>
    public static string SkipWithoutRegistry((int ExitCode, string Output) command)
    {
        Match missing = Missing().Match(command.Output);
        Assert.SkipWhen(missing.Success, "A package cannot be had from the registry: " + missing.Value);
        Assert.SkipWhen(command.Output.Contains("Platform linker", StringComparison.Ordinal), "There is no linker for Native AOT.");
        Assert.True(command.ExitCode == 0, command.Output);
        return command.Output;
    }

    [GeneratedRegex("<!-- examples/Quickstart/Program.cs -->\r?\n```csharp\r?\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex(@"error NU1(101|102|103|301): (?!.*ZmqLoop).*")]
    private static partial Regex Missing();

    [GeneratedRegex(@"(\w+)(?:\.dll|\([\d,]+\)| )*: (?:\w+ )*warning (\w+)")]
    private static partial Regex Warning();
}
