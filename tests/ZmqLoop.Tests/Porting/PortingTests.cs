using System.Text.RegularExpressions;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Porting;

/// <summary>Whoever ports a program finds each of its names on the page. The names are those that the libraries publish: pyzmq.txt and
/// tornado.txt, whose first lines say which version.</summary>
public sealed partial class PortingTests
{
    /// <summary>Where the page tells of a module, the longest name first.</summary>
    private static readonly (string Module, string Section)[] s_sections =
    [
        ("tornado.ioloop", "The loop"), ("tornado.stack_context", "Stack contexts"), ("tornado.", "Coroutines"),
        ("zmq.eventloop.ioloop", "The loop"), ("zmq.eventloop.zmqstream", "The stream"),
        ("zmq.eventloop.future", "zmq.asyncio and zmq.eventloop.future"), ("zmq.asyncio", "zmq.asyncio and zmq.eventloop.future"),
        ("zmq.auth", "Around the stream"), ("zmq.devices", "Around the stream"), ("zmq.log", "Around the stream"),
        ("zmq.utils", "Around the stream"), ("zmq.ssh", "Around the stream"), ("zmq.decorators", "Around the stream"),
        ("zmq.SocketOption", "Options"), ("zmq.", "Contexts, sockets and pollers"),
    ];

    /// <summary>Enumerations whose members have here the same name in PascalCase; the page says so once for each, and has a row for what
    /// is called otherwise.</summary>
    private static readonly Dictionary<string, Type> s_alike = new(StringComparer.Ordinal)
    {
        ["zmq.SocketOption"] = typeof(ZMQSocketOptions), ["zmq.SocketType"] = typeof(SocketType), ["zmq.Event"] = typeof(ZMQSocketEvents),
    };

    private static readonly PortingPage s_page = PortingPage.Read();

    [Theory]
    [InlineData("pyzmq.txt", 450)]
    [InlineData("tornado.txt", 150)]
    public void Each_public_name_of_Python_has_a_row(string file, int atLeast)
    {
        string[] names = [.. File.ReadLines(Path.Combine(Checkout.Root, "tests", "ZmqLoop.Tests", "Porting", file)).Skip(1)];
        Assert.InRange(names.Length, atLeast, int.MaxValue);
        HashSet<(string, string)> ambiguous = [.. Ambiguous(names)];
        string[] missing = [.. names.Where(name => !IsAlike(name) && !HasRow(name, ambiguous.Contains((SectionOf(name), Last(name)))))];
        Assert.True(missing.Length == 0, $"""
            docs/porting-from-pyzmq.md has no row for {missing.Length} names (a member whose name two classes of its section share is
            written with its class, as in `Poller.register`):
            {string.Join('\n', missing.Select(name => $"{name}  ({SectionOf(name)})"))}
            """);
    }

    [Fact]
    public void What_the_page_names_on_the_right_is_there()
    {
        string[] unknown = [.. s_page.Rows.SelectMany(static row => row.Here, static (row, code) => (row.Section, Code: code))
            .SelectMany(static at => PublicNames.UnknownIn(at.Code), static (at, name) => $"{at.Section}: {name}, in {at.Code}")];
        Assert.True(unknown.Length == 0, $"docs/porting-from-pyzmq.md names what is not public:\n{string.Join('\n', unknown)}");
    }

    private static bool IsAlike(string name) => name.LastIndexOf('.') is > 0 and int dot &&
        s_alike.TryGetValue(name[..dot], out Type? type) && type.GetMembers().Any(member =>
            string.Equals(member.Name, Last(name).Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));

    private static bool HasRow(string name, bool ambiguous)
    {
        string section = SectionOf(name);
        string[] parts = name.Split('.');
        string qualified = $"{parts[^2]}.{parts[^1]}";
        bool isMember = char.IsUpper(parts[^2][0]);
        return s_page.Rows.Where(row => row.Section == section).SelectMany(static row => row.Python).Any(code =>
            Says(code, qualified) || (isMember && code == parts[^2] + ".*") || ((!isMember || !ambiguous) && Says(code, parts[^1])));
    }

    private static bool Says(string code, string name) => Names().Matches(code).Any(match =>
        match.Value == name || match.Value.EndsWith("." + name, StringComparison.Ordinal));

    /// <summary>Members' names that stand in more than one class of one section.</summary>
    private static IEnumerable<(string, string)> Ambiguous(IEnumerable<string> names) => names
        .Where(static name => char.IsUpper(name.Split('.')[^2][0]))
        .GroupBy(static name => (Section: SectionOf(name), Name: Last(name)))
        .Where(static group => group.Count() > 1).Select(static group => group.Key);

    private static string SectionOf(string name) =>
        s_sections.First(at => name.StartsWith(at.Module, StringComparison.Ordinal)).Section;

    private static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"[A-Za-z_][\w.]*")]
    private static partial Regex Names();
}
