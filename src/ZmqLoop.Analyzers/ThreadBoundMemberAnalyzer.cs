using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ZmqLoop.Analyzers;

/// <summary>Finds members that belong to a loop's thread in what is given to another one.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThreadBoundMemberAnalyzer : DiagnosticAnalyzer
{
    // Where these are called, the thread is a loop's, or becomes one, or the code has asked.
    private static readonly HashSet<string> _settlesTheThread = ["Start", "RunSync", "RunOnce", "SwitchTo", "CheckAccess", "MakeCurrent"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ThreadBoundMember];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterOperationAction(Look, OperationKind.Invocation, OperationKind.PropertyReference);
    }

    private static void Look(OperationAnalysisContext context)
    {
        (ISymbol member, IOperation? instance) = context.Operation switch
        {
            IInvocationOperation { TargetMethod: { IsExtensionMethod: true } extension, Arguments: { Length: > 0 } arguments } =>
                (extension, arguments[0].Value),
            IInvocationOperation call => (call.TargetMethod, call.Instance),
            IPropertyReferenceOperation property => (property.Property, property.Instance),
            _ => ((ISymbol)null!, (IOperation?)null),
        };
        if (instance is null || !MemberAffinity.IsThreadBound(member)) return;
        if (ThreadFunctionAround(context.Operation) is not { } function || IsOwn(instance, function) || SettlesTheThread(function)) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.ThreadBoundMember, context.Operation.Syntax.GetLocation(),
            $"{MemberAffinity.TypeOf(member)}.{member.Name}"));
    }

    /// <summary>The function that runs on another thread, where that is known of the innermost one around the operation.</summary>
    private static IOperation? ThreadFunctionAround(IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is ILocalFunctionOperation local) return IsGivenToThread(local) ? local : null;
            if (parent is not IAnonymousFunctionOperation lambda) continue;
            CallbackThread where = Callbacks.Of(lambda);
            if (where == CallbackThread.OtherThread) return lambda;
            if (where != CallbackThread.Caller) return null;
        }

        return null;
    }

    private static bool IsGivenToThread(ILocalFunctionOperation function)
    {
        IOperation root = function;
        while (root.Parent is { } parent) root = parent;
        return root.Descendants().OfType<IMethodReferenceOperation>().Any(reference =>
            Callbacks.Of(reference) == CallbackThread.OtherThread
            && SymbolEqualityComparer.Default.Equals(reference.Method, function.Symbol));
    }

    /// <summary>What was made in there belongs to that thread, while no loop runs.</summary>
    private static bool IsOwn(IOperation instance, IOperation function)
    {
        while (true)
        {
            switch (instance)
            {
                case IPropertyReferenceOperation { Instance: { } owner }: instance = owner; break;
                case IFieldReferenceOperation { Instance: { } owner }: instance = owner; break;
                case IConversionOperation conversion: instance = conversion.Operand; break;
                case ILocalReferenceOperation local:
                    return local.Local.DeclaringSyntaxReferences.Any(place =>
                        place.SyntaxTree == function.Syntax.SyntaxTree && function.Syntax.Span.Contains(place.Span));
                case IParameterReferenceOperation parameter:
                    return parameter.Parameter.DeclaringSyntaxReferences.Any(place =>
                        place.SyntaxTree == function.Syntax.SyntaxTree && function.Syntax.Span.Contains(place.Span));
                default:
                    return instance is IObjectCreationOperation or IInvocationOperation;
            }
        }
    }

    private static bool SettlesTheThread(IOperation function) => function.Descendants().OfType<IInvocationOperation>().Any(static call =>
        call.TargetMethod.ContainingType.Name is "IOLoop" or "ZMQIOLoop" && _settlesTheThread.Contains(call.TargetMethod.Name));
}
