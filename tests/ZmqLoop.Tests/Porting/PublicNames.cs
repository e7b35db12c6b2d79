using System.Reflection;
using System.Text.RegularExpressions;

namespace ZmqLoop.Tests.Porting;

/// <summary>What a page may name: the public types and members of this library, and of what .NET brings.</summary>
internal static partial class PublicNames
{
    private static readonly Assembly[] s_dotnet =
    [
        typeof(object).Assembly, typeof(Enumerable).Assembly, typeof(System.Diagnostics.Process).Assembly,
        typeof(System.Threading.Channels.Channel).Assembly, typeof(System.Collections.Generic.PriorityQueue<,>).Assembly,
        typeof(System.Text.Json.JsonSerializer).Assembly, typeof(System.Buffers.IBufferWriter<>).Assembly,
        typeof(Microsoft.Extensions.Logging.ILogger).Assembly, typeof(System.Net.Sockets.Socket).Assembly,
    ];

    private static readonly Dictionary<string, HashSet<string>> s_types = Types();

    private static readonly HashSet<string> s_members = [.. s_types.Values.SelectMany(static members => members)];

    private static readonly HashSet<string> s_extensions = [.. PublicAssemblies.All
        .SelectMany(static assembly => assembly.GetExportedTypes())
        .Where(static type => type is { IsAbstract: true, IsSealed: true })
        .SelectMany(static type => type.GetMethods()).Select(static method => method.Name)];

    /// <returns>The names in PascalCase that are not there; of <c>Type.Member</c> where the type is ours, the pair.</returns>
    public static IEnumerable<string> UnknownIn(string code)
    {
        foreach (Match match in Names().Matches(Quoted().Replace(code, "\"\"")))
        {
            string[] parts = match.Value.Split('.');
            for (int i = 0; i < parts.Length; i++)
            {
                if (!char.IsUpper(parts[i][0]) || Allowed(parts[i])) continue;
                bool known = i > 0 && s_types.TryGetValue(parts[i - 1], out HashSet<string>? members)
                    ? members.Contains(parts[i]) || s_extensions.Contains(parts[i])
                    : s_types.ContainsKey(parts[i]) || s_members.Contains(parts[i]);
                if (!known) yield return i > 0 ? $"{parts[i - 1]}.{parts[i]}" : parts[i];
            }
        }
    }

    /// <summary>A type of the reader's own, a placeholder, a constant of ZeroMQ's, the namespaces.</summary>
    private static bool Allowed(string name) => name.All(static c => !char.IsLower(c)) ||
        name is "ZmqLoop" or "LowLevel" or "Microsoft" or "Extensions" or "System" || name.StartsWith("My", StringComparison.Ordinal);

    private static Dictionary<string, HashSet<string>> Types()
    {
        Dictionary<string, HashSet<string>> types = new(StringComparer.Ordinal);
        foreach (Type type in PublicAssemblies.All.Concat(s_dotnet).SelectMany(static assembly => assembly.GetExportedTypes()))
        {
            string name = type.Name.Split('`')[0];
            if (!types.TryGetValue(name, out HashSet<string>? members)) types[name] = members = new HashSet<string>(StringComparer.Ordinal);
            foreach (MemberInfo member in type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance |
                         BindingFlags.Static | BindingFlags.FlattenHierarchy).Where(IsPublished))
                members.Add(member.Name);
        }

        return types;
    }

    private static bool IsPublished(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily,
        FieldInfo field => field.IsPublic,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(static accessor => accessor.IsPublic || accessor.IsFamily),
        _ => true,
    };

    [GeneratedRegex(@"[A-Za-z_][\w.]*")]
    private static partial Regex Names();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
