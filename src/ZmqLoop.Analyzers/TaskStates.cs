using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ZmqLoop.Analyzers;

/// <summary>Which tasks have ended where they are asked for their result.</summary>
internal static class TaskStates
{
    private static readonly string[] _states = ["IsCompleted", "IsCompletedSuccessfully", "IsFaulted", "IsCanceled", "Status"];

    /// <summary>True where the code around it has seen to that: awaited it, alone or with others, or asked whether it has ended. Which way
    /// the program went is not followed.</summary>
    public static bool HasEnded(IOperation task)
    {
        ISymbol? symbol = SymbolOf(task);
        int position = task.Syntax.SpanStart;
        return FunctionOf(task).Descendants().Any(before => before.Syntax.SpanStart < position && before switch
        {
            IAwaitOperation { Operation: IInvocationOperation { TargetMethod.Name: "WhenAll" or "WhenAny" } } => true,
            IAwaitOperation wait => symbol is not null && SymbolOf(Awaited(wait.Operation)) is { } awaited && Same(symbol, awaited),
            IPropertyReferenceOperation state => symbol is not null && _states.Contains(state.Property.Name)
                && SymbolOf(state.Instance) is { } asked && Same(symbol, asked),
            _ => false,
        });
    }

    /// <summary>The lambda, local function or member's body around it.</summary>
    private static IOperation FunctionOf(IOperation operation)
    {
        while (operation is not (IAnonymousFunctionOperation or ILocalFunctionOperation) && operation.Parent is { } parent)
            operation = parent;
        return operation;
    }

    private static IOperation? Awaited(IOperation operation) =>
        operation is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } task } ? task : operation;

    private static ISymbol? SymbolOf(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        IConversionOperation conversion => SymbolOf(conversion.Operand),
        _ => null,
    };

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
