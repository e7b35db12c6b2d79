using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ZmqLoop.Analyzers;

/// <summary>Finds messages and frames that a callback was lent (<c>copy: false</c>) and that leave it, where nobody called
/// <c>Keep()</c>.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class BorrowedMessageAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> _stores =
    [
        "Add", "AddFirst", "AddLast", "Append", "Enqueue", "Insert", "Post", "Push", "SetResult", "TryAdd", "TryEnqueue", "TrySetResult",
        "TryWrite", "WriteAsync",
    ];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.BorrowedMessage];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Look, OperationKind.AnonymousFunction);
    }

    private static void Look(OperationAnalysisContext context)
    {
        var callback = (IAnonymousFunctionOperation)context.Operation;
        if (Callbacks.ArgumentOf(callback) is not { Parent: IInvocationOperation call }) return;
        if (call.TargetMethod is not { Name: "OnRecv" or "OnRecvStream", ContainingType.Name: "ZMQStream" }) return;
        IArgumentOperation? copy = call.Arguments.FirstOrDefault(static argument => argument.Parameter?.Name == "copy");
        if (copy?.Value.ConstantValue is not { HasValue: true, Value: false }) return;
        if (callback.Symbol.Parameters.FirstOrDefault(static parameter => parameter.Type.Name == "Message") is not { } message) return;
        Borrowed borrowed = new(callback, message);
        if (borrowed.IsKept) return;
        foreach ((IOperation use, string how) in Leaving(callback, borrowed, isAwaited: !callback.Symbol.ReturnsVoid))
        {
            bool isCaptured = Borrowed.FunctionOf(use) != callback;
            context.ReportDiagnostic(Diagnostic.Create(Rules.BorrowedMessage, use.Syntax.GetLocation(), [copy.Syntax.GetLocation()],
                ImmutableDictionary<string, string?>.Empty.Add(Rules.Kind, isCaptured ? "Captured" : "Value"), use.Syntax.ToString(), how));
        }
    }

    /// <summary>The uses by which it leaves, and how.</summary>
    private static IEnumerable<(IOperation Use, string How)> Leaving(
        IAnonymousFunctionOperation callback, Borrowed borrowed, bool isAwaited)
    {
        int firstAwait = callback.Symbol.IsAsync && !isAwaited
            ? callback.Descendants().OfType<IAwaitOperation>().Select(static wait => wait.Syntax.Span.End)
                .DefaultIfEmpty(int.MaxValue).First()
            : int.MaxValue;
        foreach (IOperation operation in callback.Body.Descendants())
        {
            switch (operation)
            {
                case IAssignmentOperation assignment when borrowed.Carries(assignment.Value) && borrowed.IsOutside(assignment.Target):
                    yield return (borrowed.ReferenceIn(assignment.Value), "stored");
                    break;
                case IArgumentOperation { Parent: IInvocationOperation call } argument when borrowed.Carries(argument.Value):
                    if (HowItLeaves(call, borrowed, isAwaited) is { } how) yield return (borrowed.ReferenceIn(argument.Value), how);
                    break;
                case IAnonymousFunctionOperation later when borrowed.FirstIn(later) is { } captured && IsLater(later, isAwaited):
                    yield return (captured, "captured by what runs later");
                    break;
                case ILocalReferenceOperation or IParameterReferenceOperation when operation.Syntax.SpanStart >= firstAwait
                    && borrowed.IsReference(operation) && Borrowed.FunctionOf(operation) == callback:
                    yield return (operation, "used after an await of an async void callback");
                    yield break;
            }
        }
    }

    private static string? HowItLeaves(IInvocationOperation call, Borrowed borrowed, bool isAwaited)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.ContainingType.Name == "IOLoop" && Callbacks.Of(method) == CallbackThread.Loop)
            return isAwaited && IsAwaited(call) ? null : "given to what runs later"; // as its state
        if (Borrowed.IsLibrary(method.ContainingType)) return null; // streams keep what they are to send, and messages copy
        if (_stores.Contains(method.Name) && call.Instance is { } store && borrowed.IsOutside(store)) return "stored";
        bool isForgotten = method.ReturnType.Name is "Task" or "ValueTask"
            && call.Parent is IExpressionStatementOperation or ISimpleAssignmentOperation { Target: IDiscardOperation };
        return isForgotten ? "given to a task that nobody awaits" : null;
    }

    /// <summary>True where a lambda in the callback runs when that has returned, as far as one sees.</summary>
    private static bool IsLater(IAnonymousFunctionOperation lambda, bool isAwaited)
    {
        if (Callbacks.ArgumentOf(lambda) is { Parent: { } call })
        {
            if (isAwaited && IsAwaited(call)) return false;
            return Callbacks.Of(lambda) is not (CallbackThread.Unknown or CallbackThread.Caller)
                || Callbacks.GivenTo(lambda) is { Name: "ContinueWith" or "Register" };
        }

        IOperation? parent = lambda.Parent;
        while (parent is IDelegateCreationOperation or IConversionOperation) parent = parent.Parent;
        return parent is IEventAssignmentOperation
            or ISimpleAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation };
    }

    private static bool IsAwaited(IOperation call)
    {
        IOperation? parent = call.Parent;
        while (parent is IConversionOperation or IInvocationOperation { TargetMethod.Name: "ConfigureAwait" } or IArgumentOperation)
            parent = parent.Parent;
        return parent is IAwaitOperation or IReturnOperation;
    }
}
