using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ZmqLoop.Analyzers;

/// <summary>A call that blocks the thread which makes it.</summary>
internal sealed class BlockingCall(IOperation operation, string shown, BlockingKind kind)
{
    // By type, "*" for all. Their overloads with a time of zero only look.
    private static readonly Dictionary<string, HashSet<string>> _waits = new()
    {
        ["System.Threading.Thread"] = ["Join"],
        ["System.Threading.WaitHandle"] = ["WaitOne", "WaitAll", "WaitAny", "SignalAndWait"],
        ["System.Threading.ManualResetEventSlim"] = ["Wait"],
        ["System.Threading.SemaphoreSlim"] = ["Wait"],
        ["System.Threading.CountdownEvent"] = ["Wait"],
        ["System.Threading.Barrier"] = ["SignalAndWait"],
        ["System.Threading.Monitor"] = ["Wait"],
        ["System.Threading.SpinWait"] = ["SpinUntil"],
        ["System.Collections.Concurrent.BlockingCollection<T>"] = ["Take"],
        ["System.Diagnostics.Process"] = ["WaitForExit"],
        ["System.Console"] = ["ReadLine", "ReadKey"],
    };

    private static readonly HashSet<string> _socketReceives = ["Receive", "ReceiveFrom", "ReceiveMessageFrom", "Accept"];

    public IOperation Operation { get; } = operation;

    public BlockingKind Kind { get; } = kind;

    public Diagnostic ToDiagnostic(DiagnosticDescriptor rule) => Diagnostic.Create(rule, Operation.Syntax.GetLocation(),
        ImmutableDictionary<string, string?>.Empty.Add(Rules.Kind, Kind.ToString()), shown, Cure);

    private string Cure => Kind switch
    {
        BlockingKind.Sleep => "await IOLoop.Delay, or use CallLater",
        BlockingKind.Receive => "receive in a handler (AddHandler) or through a stream, or use its Try… method",
        BlockingKind.Task or BlockingKind.Result => "await it",
        BlockingKind.Wait or _ => "await something, or let IOLoop.RunInExecutor wait",
    };

    /// <summary>What blocks here, where something does.</summary>
    public static BlockingCall? At(IOperation operation) => operation switch
    {
        IPropertyReferenceOperation { Property.Name: "Result", Instance: { } task } property when IsTask(task.Type) =>
            TaskStates.HasEnded(task) ? null : new BlockingCall(property, "Result", BlockingKind.Result),
        IInvocationOperation call => AtCall(call),
        _ => null,
    };

    private static BlockingCall? AtCall(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        string type = method.ContainingType.OriginalDefinition.ToDisplayString();
        if (method.Name == "GetResult" && call.Instance is IInvocationOperation { TargetMethod.Name: "GetAwaiter" } awaiter)
            return AtAwaiter(call, awaiter);
        if (HasNoTime(call)) return null;
        if (type == "System.Threading.Thread" && method.Name == "Sleep") return new(call, "Thread.Sleep", BlockingKind.Sleep);
        if (method.Name is "Wait" or "WaitAll" or "WaitAny" && IsTask(method.ContainingType))
        {
            if (call.Instance is { } task && TaskStates.HasEnded(task)) return null;
            bool isPlain = method.Name == "Wait" && call.Arguments.Length == 0;
            return new(call, $"Task.{method.Name}", isPlain ? BlockingKind.Task : BlockingKind.Wait);
        }

        if (_waits.TryGetValue(type, out HashSet<string>? names) && names.Contains(method.Name))
            return new(call, $"{method.ContainingType.Name}.{method.Name}", BlockingKind.Wait);
        bool receives = type == "System.Net.Sockets.Socket"
            ? _socketReceives.Contains(method.Name)
            : method.Name.StartsWith("Receive", System.StringComparison.Ordinal) && type == "NetMQ.ReceivingSocketExtensions";
        return receives ? new(call, $"{method.ContainingType.Name}.{method.Name}", BlockingKind.Receive) : null;
    }

    private static BlockingCall? AtAwaiter(IInvocationOperation call, IInvocationOperation awaiter)
    {
        IOperation? task = awaiter.Instance;
        if (task is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } configured) task = configured.Instance;
        return task is null || !IsTask(task.Type) || TaskStates.HasEnded(task)
            ? null
            : new(call, "GetAwaiter().GetResult()", BlockingKind.Result);
    }

    private static bool HasNoTime(IInvocationOperation call)
    {
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Value.ConstantValue is { HasValue: true, Value: 0 or 0L }) return true;
            if (argument.Value is IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } }) return true;
        }

        return false;
    }

    private static bool IsTask(ITypeSymbol? type) => type is
    {
        Name: "Task" or "ValueTask",
        ContainingNamespace: { Name: "Tasks", ContainingNamespace: { Name: "Threading", ContainingNamespace.Name: "System" } },
    };
}
