using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace ZmqLoop.Testing;

/// <summary>Prints what of an assembly others can use, one member a line, sorted.</summary>
public static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext _nullability = new();

    public static string Describe(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().Where(static type => !type.FullName!.Contains('<', StringComparison.Ordinal))
            .OrderBy(static type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (string line in Members(type).Distinct().Order(StringComparer.Ordinal)) text.Append("    ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static string Head(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        IEnumerable<Type> bases =
            type is { IsClass: true, BaseType: { } parent } && parent != typeof(object) && kind != "delegate" ? [parent] : [];
        string[] all = [.. bases.Concat(kind is "delegate" or "enum" ? [] : type.GetInterfaces().Where(static type => type.IsVisible))
            .Select(Name).Distinct().Order(StringComparer.Ordinal)];
        return $"{kind} {type.Namespace}.{Name(type)}{(all.Length == 0 ? "" : " : " + string.Join(", ", all))}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type)
            .Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}");
        if (typeof(Delegate).IsAssignableFrom(type)) return [Method(type.GetMethod("Invoke")!)];
        return type.GetMembers(Declared).Select(Member).OfType<string>();
    }

    private static string? Member(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } constructor when Access(constructor) is { } access => $"{access}new({Parameters(constructor)})",
        MethodInfo { IsSpecialName: false } method when IsShown(method) && Access(method) is { } access => access + Method(method),
        MethodInfo { IsSpecialName: true } method when method.Name.StartsWith("op_", StringComparison.Ordinal)
            && Access(method) is { } access => access + Method(method),
        PropertyInfo property => Property(property),
        EventInfo { AddMethod: { } add } @event when Access(add) is { } access =>
            $"{access}event {Name(@event.EventHandlerType!)} {@event.Name}",
        FieldInfo { IsPublic: true } field =>
            $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        _ => null,
    };

    // What the compiler writes for records is no news, and explicit implementations are the interface's.
    private static bool IsShown(MethodInfo method) =>
        !method.Name.Contains('.', StringComparison.Ordinal) && !method.Name.Contains('<', StringComparison.Ordinal)
        && (method.GetCustomAttribute<CompilerGeneratedAttribute>() is null || method.Name == "Deconstruct");

    private static string? Access(MethodBase method)
    {
        string? access = method switch
        {
            { IsPublic: true } => "",
            { IsFamily: true } or { IsFamilyOrAssembly: true } => "protected ",
            _ => null,
        };
        if (access is null) return null;
        if (method.IsStatic) access += "static ";
        if (method.DeclaringType!.IsInterface || method is not MethodInfo info) return access;
        if (info.IsAbstract) return access + "abstract ";
        if (info.GetBaseDefinition() != info) return access + "override ";
        return info is { IsVirtual: true, IsFinal: false } ? access + "virtual " : access;
    }

    private static string Method(MethodInfo method)
    {
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        return $"{Name(method.ReturnType)}{Mark(_nullability.Create(method.ReturnParameter))} {method.Name}{generic}({Parameters(method)})";
    }

    private static string? Property(PropertyInfo property)
    {
        string? get = property.GetMethod is { } getter && Access(getter) is { } getAccess ? getAccess : null;
        string? set = property.SetMethod is { } setter && Access(setter) is { } setAccess ? setAccess : null;
        if ((get ?? set) is not { } access || property.Name == "EqualityContract") return null;
        bool init = set is not null && property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        string accessors = $"{(get is null ? "" : "get; ")}{(set is null ? "" : init ? "init; " : "set; ")}";
        string index =
            property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";
        return $"{access}{Name(property.PropertyType)}{Mark(_nullability.Create(property))} {property.Name}{index} {{ {accessors}}}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string way = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true, ParameterType.IsByRef: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ => "",
        };
        string value = parameter.HasDefaultValue
            ? $" = {(parameter.RawDefaultValue is { } given ? given is bool flag ? flag ? "true" : "false" : given : "default")}" : "";
        return $"{way}{Name(parameter.ParameterType)}{Mark(_nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Mark(NullabilityInfo info) => !info.Type.IsValueType && info is { ReadState: NullabilityState.Nullable }
        or { WriteState: NullabilityState.Nullable } && !info.Type.IsValueType ? "?" : "";

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
        if (type.IsGenericParameter) return type.Name;
        string name = type.IsNested ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        if (!type.IsGenericType) return _keywords.GetValueOrDefault(type, name);
        return $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }

    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(byte)] = "byte",
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(double)] = "double",
    };
}
