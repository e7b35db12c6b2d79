using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>What methods are called in the source, for logs: the compiler calls lambdas, local functions, and what is left of async ones,
/// otherwise.</summary>
internal static class CallbackName
{
    private const string Lambda = " (lambda)";

    /// <summary>Type and method, without the namespace; of a continuation, those of the async function that goes on.</summary>
    public static string Of(object callback)
    {
        if (StateMachineOf((callback as Delegate)?.Target ?? callback) is { } machine)
            return Of(WithoutNamespace(machine), nameof(IAsyncStateMachine.MoveNext));
        return callback switch
        {
            Delegate { Method: { DeclaringType: { } type } method } => Of(WithoutNamespace(type), method.Name),
            Delegate { Method: var method } => method.Name,
            Task task => $"Task {task.Id}",
            _ => callback.GetType().Name,
        };
    }

    /// <param name="type">With the types that it is nested in, as reflection writes them.</param>
    /// <param name="method">As reflection writes it.</param>
    public static string Of(string type, string method)
    {
        while (type.LastIndexOf('+') is >= 0 and var nested && type[nested + 1] == '<')
        {
            string generated = type[(nested + 1)..];
            if (!generated.StartsWith("<>", StringComparison.Ordinal))
                method = generated; // a state machine has the method's name; a closure has none
            type = type[..nested];
        }

        return type.Length == 0 ? InSource(method) : $"{type.Replace('+', '.')}.{InSource(method)}";
    }

    /// <summary>`&lt;M&gt;b__0` is a lambda in M, `&lt;M&gt;g__F|0_0` its local function F, `&lt;M&gt;d__0` its state machine, and each of
    /// these may stand for M.</summary>
    private static string InSource(string name)
    {
        int end = name.StartsWith('<') ? EndOfBrackets(name) : 0;
        if (end <= 1) return name;
        string method = InSource(name[1..end]);
        ReadOnlySpan<char> rest = name.AsSpan(end + 1);
        if (rest.StartsWith("b__")) return method.EndsWith(Lambda, StringComparison.Ordinal) ? method : method + Lambda;
        if (rest.StartsWith("g__") && rest.IndexOf('|') is > 0 and var bar) return $"{method}.{rest[3..bar]}";
        return method;
    }

    private static int EndOfBrackets(string name)
    {
        int depth = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '<') depth++;
            else if (name[i] == '>' && --depth == 0) return i;
        }

        return -1;
    }

    /// <summary>What the runtime keeps of an async function that waits is an object with the type of its state machine as last
    /// argument.</summary>
    private static Type? StateMachineOf(object box) =>
        box.GetType() is { IsGenericType: true } type && type.GenericTypeArguments[^1] is var machine
            && machine.IsAssignableTo(typeof(IAsyncStateMachine)) ? machine : null;

    private static string WithoutNamespace(Type type)
    {
        string name = type.ToString();
        int arguments = name.IndexOf('[', StringComparison.Ordinal);
        if (arguments >= 0) name = name[..arguments];
        return type.Namespace is { Length: > 0 } space ? name[(space.Length + 1)..] : name;
    }
}
