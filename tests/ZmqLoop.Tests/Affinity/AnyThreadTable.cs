using System.Reflection;
using System.Text.RegularExpressions;
using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Affinity;

/// <summary>The table of docs/loop.md that says which members any thread may call, and the members that it is about.</summary>
internal static partial class AnyThreadTable
{
    public static Type[] Types { get; } =
    [
        typeof(IOLoop), typeof(ZMQIOLoop), typeof(IOLoopThread), typeof(PeriodicCallback), typeof(DelayedCallback), typeof(CallbackScope),
        typeof(ZMQStream), typeof(ZMQProxy), typeof(RequestClient), typeof(Responder), typeof(Authenticator),
    ];

    /// <summary>By the name of the type, the names of its members; "constructor" for that.</summary>
    public static Dictionary<string, string[]> Read() =>
        Row().Matches(File.ReadAllText(Path.Combine(Checkout.Root, "docs", "loop.md"))).ToDictionary(
            static row => row.Groups["type"].Value,
            static row => Code().Matches(row.Groups["members"].Value).Select(static code => code.Groups[1].Value).ToArray());

    /// <summary>Every public member, each overload and each accessor by itself; a scope's with those of all contexts, a loop with an engine
    /// without those of all loops.</summary>
    public static IEnumerable<MethodBase> MembersOf(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<MethodBase> members = type.GetConstructors().Concat<MethodBase>(type.GetMethods(Public));
        if (type != typeof(CallbackScope)) return members;
        return members.Concat(typeof(CallbackContext).GetMethods(Public).Where(static member => !IsInit(member)));
    }

    public static string NameOf(MethodBase member) => member switch
    {
        ConstructorInfo => "constructor",
        { IsSpecialName: true } => member.Name[(member.Name.IndexOf('_', StringComparison.Ordinal) + 1)..],
        _ => member.Name,
    };

    private static bool IsInit(MethodInfo member) =>
        member.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));

    [GeneratedRegex(@"^\| `(?<type>\w+)` \| (?<members>.*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"`([^`]+)`")]
    private static partial Regex Code();
}
