using System.Reflection;
using ZmqLoop.Streams;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests.Arguments;

/// <summary>A parameter of a public member that is a time, a count, a limit or a name; of a property that can be set, its value.</summary>
/// <param name="Key">By which the table speaks of it, and of the same of other overloads.</param>
/// <param name="Member">A constructor, a method, or what sets a property.</param>
/// <param name="Parameter">The one that is given wrong values.</param>
internal sealed record SweptParameter(string Key, MethodBase Member, ParameterInfo Parameter)
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] _assemblies =
    [
        typeof(IOLoop).Assembly, typeof(ZMQStream).Assembly, typeof(LibZmqEngine).Assembly, typeof(NetMQEngine).Assembly,
        typeof(ManualTimeProvider).Assembly,
    ];

    /// <summary>Of all packages. Interfaces have no code, the text of an exception is its maker's, and what refuses is given what it is to
    /// refuse.</summary>
    public static IReadOnlyList<SweptParameter> All { get; } =
    [
        .. from assembly in _assemblies
           from type in assembly.GetExportedTypes()
           where type is { IsInterface: false, IsEnum: false } && type != typeof(LowLevel.EnumExtensions)
               && !type.FullName!.Contains('<', StringComparison.Ordinal)
               && !typeof(Delegate).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type)
           from member in type.GetConstructors().Concat<MethodBase>(type.GetMethods(Public))
           where !IsGetter(member)
           from parameter in member.GetParameters()
           where !parameter.IsOut && WrongValues.Of(parameter.ParameterType) is not null
           select new SweptParameter(KeyOf(type, member, parameter), member, parameter),
    ];

    /// <summary>What an exception may call it.</summary>
    public string[] Names => IsSetter ? ["value", PropertyName, "options"] : [Parameter.Name!];

    /// <summary>What real sockets do is swept on both engines; all else needs none, a null.</summary>
    public string?[] Engines => Member.DeclaringType!.Name switch
    {
        nameof(ZMQSocket) or nameof(WatchedSocket) => ["libzmq", "netmq"],
        nameof(LibZmqSocket) => ["libzmq"],
        nameof(NetMQSocketAdapter) => ["netmq"],
        _ => [null],
    };

    /// <summary>Of the socket, where it is called on one.</summary>
    public SocketType SocketType => Parameter.Name == "prefix" ? SocketType.Sub : SocketType.Router;

    public bool IsSetter => Member is MethodInfo { IsSpecialName: true } && Member.Name.StartsWith("set_", StringComparison.Ordinal);

    public string PropertyName => Member.Name["set_".Length..];

    public override string ToString() => $"{Key} of {Member}";

    private static bool IsGetter(MethodBase member) =>
        member is MethodInfo { IsSpecialName: true, Name: not "get_Item" } && member.Name.StartsWith("get_", StringComparison.Ordinal);

    private static string KeyOf(Type type, MethodBase member, ParameterInfo parameter)
    {
        string name = type.Name.Split('`')[0];
        if (member is ConstructorInfo) return $"new {name}({parameter.Name})";
        return member.Name.StartsWith("set_", StringComparison.Ordinal) ? $"{name}.{member.Name["set_".Length..]}"
            : $"{name}.{member.Name}({parameter.Name})";
    }
}
