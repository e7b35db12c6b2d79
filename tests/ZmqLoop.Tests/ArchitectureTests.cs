using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>The rules of ARCHITECTURE.md that a machine can check, on the sources.</summary>
public sealed partial class ArchitectureTests
{
    private const int MaxLines = 400;

    // Made for inheritance: each needs a reason to be here.
    private static readonly HashSet<string> _open =
    [
        "ZmqLoop.IOLoop", "ZmqLoop.ZMQIOLoop", // HandleCallbackException is overridden, as in tornado
        "ZmqLoop.ZMQEngine", "ZmqLoop.ZMQSocket", // engines derive from them
        "ZmqLoop.WatchedSocket", // the sockets of both engines here; nobody outside
        "ZmqLoop.LowLevel.FrameBuffer", // engines own their memory
        "ZmqLoop.CallbackContext", // StackContext and ExceptionStackContext; nobody outside
        "ZmqLoop.ZMQException", // ContextTerminatedException
        "ZmqLoop.Testing.ScriptedLoop", // as the loop that it is
        "ZmqLoop.SocketOption", "ZmqLoop.SocketOption`1", // options of an engine's own
    ];

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong =
            Sources("src").Select(static file => (Name: Path.GetRelativePath(Checkout.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(static file => file.Lines > MaxLines);
        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData("Threads")]
    [InlineData("Messages")]
    [InlineData("Contexts")]
    [InlineData("Engine", "Messages")]
    [InlineData("Polling", "Threads", "Engine")]
    [InlineData("Scheduling", "Threads", "Contexts")]
    [InlineData("Diagnostics", "Contexts")]
    [InlineData("Loop", "Threads", "Contexts", "Engine", "Polling", "Scheduling", "Diagnostics")]
    [InlineData("LowLevel", "Messages", "Contexts", "Diagnostics", "Engine", "Loop")]
    public void A_room_names_only_types_of_the_rooms_below_it(string room, params string[] below)
    {
        List<string> found = [];
        foreach (string name in Rooms.Except([.. below, room]).SelectMany(TypesOf).Distinct())
        {
            Regex mention = new($@"(?<![\w.""]){Regex.Escape(name)}(?!\w)");
            foreach (string file in Sources(Path.Combine("src", "ZmqLoop", room)))
            {
                if (mention.IsMatch(WithoutTexts(File.ReadAllText(file)))) found.Add($"{Path.GetFileName(file)} names {name}");
            }
        }

        Assert.Empty(found);
    }

    [Fact]
    public void The_core_is_nothing_but_its_rooms()
    {
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", "ZmqLoop"), "*.cs"));
        Assert.Equal(["Contexts", "Diagnostics", "Engine", "Loop", "LowLevel", "Messages", "Polling", "Scheduling", "Threads"], Rooms);
    }

    [Fact]
    public void Streams_build_on_the_public_surface_alone_and_engines_are_friends()
    {
        string project = File.ReadAllText(Path.Combine(Checkout.Root, "src", "ZmqLoop", "ZmqLoop.csproj"));
        string[] friends = [.. Friend().Matches(project).Select(static match => match.Groups[1].Value)];
        Assert.DoesNotContain("ZmqLoop.Streams", friends);
        Assert.DoesNotContain("ZmqLoop.Testing", friends); // a scripted poller and sockets are a stranger's to write
        Assert.Contains("ZmqLoop.LibZmq", friends);
        Assert.Contains("ZmqLoop.NetMQ", friends);
    }

    [Fact]
    public void The_core_names_no_ZeroMQ_library_but_in_the_discovery_of_engines() =>
        Assert.Equal(["EngineDiscovery.cs"], CoreFilesThatSay("LibZmqEngine", "NetMQEngine"));

    [Fact]
    public void The_core_calls_the_operating_system_in_its_poller_alone() =>
        Assert.Equal(["Linux.cs", "Linux.Epoll.cs", "Linux.EventFd.cs"], CoreFilesThatSay("DllImport", "LibraryImport"));

    [Fact]
    public void Every_public_class_is_sealed_static_or_on_the_list_of_those_made_for_inheritance()
    {
        string[] open = [.. PublicAssemblies.All.SelectMany(static assembly => assembly.GetExportedTypes())
            .Where(static type => type is { IsClass: true, IsSealed: false } && !typeof(Delegate).IsAssignableFrom(type))
            .Select(static type => type.FullName!)];
        Assert.Empty(open.Except(_open));
        Assert.Empty(_open.Except(open)); // nor is anything on the list that is not open
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string[] Rooms =>
        [.. Directory.EnumerateDirectories(Path.Combine(Checkout.Root, "src", "ZmqLoop")).Select(static room => Path.GetFileName(room))
            .Order(StringComparer.Ordinal)];

    /// <summary>The types declared in a room.</summary>
    private static IEnumerable<string> TypesOf(string room) =>
        Sources(Path.Combine("src", "ZmqLoop", room))
            .SelectMany(static file => Declaration().Matches(File.ReadAllText(file)))
            .Select(static match => match.Groups[1].Value);

    private static IEnumerable<string> CoreFilesThatSay(params string[] words) =>
        Sources(Path.Combine("src", "ZmqLoop"))
            .Where(file =>
                WithoutComments(File.ReadAllText(file)) is var text && words.Any(word => text.Contains(word, StringComparison.Ordinal)))
            .Select(static file => Path.GetFileName(file))
            .Order(StringComparer.OrdinalIgnoreCase);

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    private static string WithoutTexts(string text) => Text().Replace(WithoutComments(text), "");

    [GeneratedRegex(@"^(?:public|internal)\s+(?:[a-z]+\s+)*?(?:class|record struct|record "
        + @"class|struct|record|interface|enum|delegate\s+\w+)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"""(?:[^""\\\n]|\\.)*""")]
    private static partial Regex Text();

    [GeneratedRegex(@"<InternalsVisibleTo Include=""([^""]+)""")]
    private static partial Regex Friend();
}

/// <summary>The assemblies whose surface is a promise.</summary>
internal static class PublicAssemblies
{
    public static IReadOnlyList<Assembly> All { get; } =
        [typeof(IOLoop).Assembly, Assembly.Load("ZmqLoop.Streams"), Load("ZmqLoop.LibZmq"), Assembly.Load("ZmqLoop.Testing"),
            Assembly.Load("ZmqLoop.Hosting"), Assembly.Load("ZmqLoop.Dashboard")];

    /// <summary>Its own output: engines are built, but not referenced, since these tests are an application without one.</summary>
    public static string FileOf(string name)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, configuration, name + ".dll"));
    }

    // From where discovery does not look.
    private static Assembly Load(string name) => new AssemblyLoadContext(name).LoadFromAssemblyPath(FileOf(name));
}
