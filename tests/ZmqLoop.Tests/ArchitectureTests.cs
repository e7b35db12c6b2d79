using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;

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
        "ZmqLoop.FrameBuffer", // engines own their memory
        "ZmqLoop.CallbackContext", // StackContext and ExceptionStackContext; nobody outside
        "ZmqLoop.ZMQException", // ContextTerminatedException
        "ZmqLoop.SocketOption", "ZmqLoop.SocketOption`1", // options of an engine's own
    ];

    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        var tooLong = Sources("src").Select(static file => (Name: Path.GetRelativePath(Checkout.Root, file), Lines: File.ReadLines(file).Count()))
            .Where(static file => file.Lines > MaxLines);
        Assert.Empty(tooLong);
    }

    [Theory]
    [InlineData("Contexts", "Scheduling", "Polling", "Messaging", "")]
    [InlineData("Messaging", "Scheduling", "Contexts", "")]
    [InlineData("Polling", "Scheduling", "Contexts", "")]
    public void A_room_does_not_name_the_types_of_the_rooms_above_it(string room, params string[] above)
    {
        List<string> found = [];
        foreach (string name in above.SelectMany(TypesOf).Distinct())
        {
            Regex mention = new($@"(?<![\w.""]){Regex.Escape(name)}(?!\w)");
            foreach (string file in Sources(Path.Combine("src", "ZmqLoop", room)))
            {
                if (mention.IsMatch(WithoutTexts(File.ReadAllText(file)))) found.Add($"{Path.GetFileName(file)} names {name}");
            }
        }

        found.RemoveAll(static line => _exceptions.Contains(line));
        Assert.Empty(found);
    }

    // "The engine of the process-wide loop, where it has one": the one step up, and it is in one line.
    private static readonly HashSet<string> _exceptions =
    [
        "ZMQSocket.cs names ZMQIOLoop",
        "ContextThread.cs names Frame", // a property of that name, not the message's frame
    ];

    [Fact]
    public void Streams_and_engines_build_on_the_public_surface_alone()
    {
        string project = File.ReadAllText(Path.Combine(Checkout.Root, "src", "ZmqLoop", "ZmqLoop.csproj"));
        string[] friends = [.. Friend().Matches(project).Select(static match => match.Groups[1].Value)];
        Assert.NotEmpty(friends);
        Assert.DoesNotContain("ZmqLoop.Streams", friends);
        Assert.DoesNotContain("ZmqLoop.LibZmq", friends);
        Assert.DoesNotContain("ZmqLoop.NetMQ", friends);
    }

    [Fact]
    public void The_core_names_no_ZeroMQ_library_but_in_the_discovery_of_engines() =>
        Assert.Equal(
            ["EngineDiscovery.cs"],
            Sources(Path.Combine("src", "ZmqLoop"))
                .Where(static file => WithoutComments(File.ReadAllText(file)) is var text && (text.Contains("LibZmqEngine", StringComparison.Ordinal) || text.Contains("NetMQEngine", StringComparison.Ordinal) || text.Contains("DllImport", StringComparison.Ordinal) || text.Contains("LibraryImport", StringComparison.Ordinal)))
                .Select(Path.GetFileName));

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

    /// <summary>The types declared in a room; of the root room only those in its own files.</summary>
    private static IEnumerable<string> TypesOf(string room) =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", "ZmqLoop", room), "*.cs")
            .SelectMany(static file => Declaration().Matches(File.ReadAllText(file)))
            .Select(static match => match.Groups[1].Value);

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    private static string WithoutTexts(string text) => Text().Replace(WithoutComments(text), "");

    [GeneratedRegex(@"^(?:public|internal)\s+(?:[a-z]+\s+)*?(?:class|record struct|record class|struct|record|interface|enum|delegate\s+\w+)\s+(\w+)", RegexOptions.Multiline)]
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
    public static IReadOnlyList<Assembly> All { get; } = [typeof(IOLoop).Assembly, Assembly.Load("ZmqLoop.Streams"), Load("ZmqLoop.LibZmq")];

    // Built, but not referenced: these tests are an application without an engine. So it is loaded from its own output, where discovery does not look.
    private static Assembly Load(string name)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string file = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, configuration, name + ".dll"));
        return new AssemblyLoadContext(name).LoadFromAssemblyPath(file);
    }
}
