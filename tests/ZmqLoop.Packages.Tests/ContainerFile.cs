using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZmqLoop.Packages;

/// <summary>A Dockerfile, carried out without Docker: what it copies, publishes and starts, in folders that stand for its stages. Only
/// the base images are taken on trust.</summary>
internal sealed partial class ContainerFile
{
    private static readonly string[] _known = ["FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "EXPOSE", "ENTRYPOINT"];

    private readonly string _context;
    private readonly string _root;
    private readonly (string Name, string Text)[] _instructions;
    private string[] _entryPoint = [];
    private string _folder = "";

    private ContainerFile(string text, string context, string root)
    {
        _context = context;
        _root = root;
        _instructions = [.. text.Replace("\\\n", " ").Split('\n').Select(static line => line.Trim())
            .Where(static line => line.Length > 0 && line[0] != '#')
            .Select(static line => line.Split(' ', 2)).Select(static parts => (parts[0], parts[1].Trim()))];
        Assert.All(_instructions, static instruction => Assert.Contains(instruction.Name, _known));
    }

    /// <summary>The variables of the image.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Builds what it says.</summary>
    /// <param name="text">The Dockerfile.</param>
    /// <param name="context">The folder that is given to `docker build`.</param>
    /// <param name="root">For its stages: a new folder, below which NuGet finds the packages.</param>
    public static async Task<ContainerFile> BuildAsync(string text, string context, string root)
    {
        ContainerFile file = new(text.ReplaceLineEndings("\n"), context, root);
        Assert.Equal("FROM", file._instructions[0].Name);
        await file.CarryOutAsync();
        return file;
    }

    /// <summary>Starts what the image does, in the folder that it says, with its variables.</summary>
    public ExampleProcess Start(params string[] arguments)
    {
        Assert.Equal("dotnet", _entryPoint[0]);
        return ExampleProcess.StartProgram(
            System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [.. _entryPoint[1..], .. arguments], Environment,
            _folder);
    }

    private async Task CarryOutAsync()
    {
        string stage = "";
        foreach ((string name, string rest) in _instructions)
        {
            if (name == "FROM")
            {
                Assert.Matches(BaseImage(), rest);
                stage = Stage(rest.Contains(" AS ", StringComparison.Ordinal) ? rest.Split(" AS ")[1] : "");
                _folder = stage;
            }
            else if (name == "WORKDIR") _folder = Directory.CreateDirectory(PathIn(stage, rest)).FullName;
            else if (name == "COPY") Copy(stage, rest);
            else if (name == "RUN") await PublishAsync(stage, rest);
            else if (name == "ENV") Add(rest);
            else if (name == "ENTRYPOINT")
                _entryPoint = [.. JsonSerializer.Deserialize<string[]>(rest)!.Select(argument => Mapped(stage, argument))];
        }
    }

    private void Copy(string stage, string rest)
    {
        string[] parts = rest.Split(' ');
        string source = _context;
        if (parts[0].StartsWith("--from=", StringComparison.Ordinal)) (source, parts) = (Stage(parts[0][7..]), parts[1..]);
        string from = PathIn(source, parts[0], source);
        Assert.True(Directory.Exists(from), $"COPY {rest}: there is no {from}.");
        string to = PathIn(stage, parts[1]);
        Regex[] ignored = source == _context ? Ignored() : [];
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            if (ignored.Any(pattern => pattern.IsMatch(Path.GetRelativePath(source, file).Replace('\\', '/')))) continue;
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private async Task PublishAsync(string stage, string command)
    {
        string[] arguments = command.Split(' ');
        Assert.Equal(["dotnet", "publish"], arguments[..2]);
        Stranger.SkipWithoutRegistry(await Command.DotnetAsync(_folder,
            [.. arguments[1..].Select(argument => Mapped(stage, argument)), "--nologo", "--tl:off"]));
    }

    private void Add(string rest)
    {
        foreach (string variable in rest.Split(' ')) Environment[variable.Split('=')[0]] = variable.Split('=', 2)[1];
    }

    /// <summary>What .dockerignore keeps out, in the two forms that are used here: a folder anywhere, and one at the top.</summary>
    private Regex[] Ignored()
    {
        string file = Path.Combine(_context, ".dockerignore");
        return File.Exists(file) ? [.. File.ReadAllLines(file).Where(static line => line.Length > 0).Select(static line =>
            new Regex("^" + Regex.Escape(line).Replace("\\*\\*/", "(.*/)?") + "(/|$)"))] : [];
    }

    private string Stage(string name) => Directory.CreateDirectory(Path.Combine(_root, name.Length == 0 ? "image" : name)).FullName;

    private string PathIn(string stage, string path, string? relativeTo = null) => path.StartsWith('/')
        ? Path.Combine(stage, path.TrimStart('/')) : Path.GetFullPath(Path.Combine(relativeTo ?? _folder, path));

    private static string Mapped(string stage, string argument) => argument.StartsWith('/') ? Path.Combine(stage, argument[1..]) : argument;

    [GeneratedRegex(@"^mcr\.microsoft\.com/dotnet/(sdk|aspnet|runtime):10\.0( AS \w+)?$")]
    private static partial Regex BaseImage();
}
