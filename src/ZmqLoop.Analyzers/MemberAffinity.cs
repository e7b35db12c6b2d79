using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace ZmqLoop.Analyzers;

/// <summary>What any thread may call, by the table of docs/loop.md, which is a resource here: the tests of the loop hold it to what the
/// members do.</summary>
internal static class MemberAffinity
{
    private const string Streams = "ZmqLoop.Streams";

    private static readonly Regex _row = new(@"^\| `(?<type>\w+)` \| (?<members>.*) \|\r?$", RegexOptions.Multiline);
    private static readonly Regex _code = new("`([^`]+)`");

    /// <summary>By the name of the type, the names of its members; "constructor" for that.</summary>
    public static Dictionary<string, HashSet<string>> ByType { get; } = Read();

    /// <summary>True for a public member of these types, or an extension of streams, that belongs to the loop's thread.</summary>
    /// <remarks>Closing a loop does once it runs no longer, which cannot be seen.</remarks>
    public static bool IsThreadBound(ISymbol member)
    {
        if (member.IsStatic && member is not IMethodSymbol { IsExtensionMethod: true }) return false;
        if (member.DeclaredAccessibility != Accessibility.Public || member.IsOverride) return false;
        if (member.ContainingNamespace.ToDisplayString() is not ("ZmqLoop" or Streams)) return false;
        string type = TypeOf(member);
        if (type == "IOLoop" && member.Name is "Close" or "Dispose") return false;
        return ByType.TryGetValue(type, out HashSet<string>? any) && !any.Contains(member.Name);
    }

    /// <summary>The type that a member is known as one of.</summary>
    public static string TypeOf(ISymbol member) =>
        member.ContainingType.Name == "TypedStreamExtensions" ? "ZMQStream" : member.ContainingType.Name;

    private static Dictionary<string, HashSet<string>> Read()
    {
        using StreamReader page = new(typeof(MemberAffinity).Assembly.GetManifestResourceStream("loop.md"));
        return _row.Matches(page.ReadToEnd()).Cast<Match>().ToDictionary(
            static row => row.Groups["type"].Value,
            static row => new HashSet<string>(
                _code.Matches(row.Groups["members"].Value).Cast<Match>().Select(static code => code.Groups[1].Value)));
    }
}
