using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ZmqLoop.Analyzers;

/// <summary>A message that a callback was lent, and the locals that show it or its frames.</summary>
internal sealed class Borrowed
{
    private readonly IAnonymousFunctionOperation _callback;
    private readonly HashSet<ISymbol> _names = new(SymbolEqualityComparer.Default);

    public Borrowed(IAnonymousFunctionOperation callback, IParameterSymbol message)
    {
        _callback = callback;
        _names.Add(message);
        foreach (IOperation operation in callback.Body.Descendants())
        {
            if (operation is IVariableDeclaratorOperation { Initializer.Value: { } value } declared && Carries(value))
                _names.Add(declared.Symbol);
            else if (operation is IForEachLoopOperation loop && Carries(loop.Collection)) _names.UnionWith(loop.Locals);
        }
    }

    /// <summary>True where the callback itself calls <c>Keep()</c>: the message is the user's then.</summary>
    public bool IsKept => _callback.Body.Descendants().Any(operation =>
        operation is IInvocationOperation { TargetMethod.Name: "Keep", Instance: { } kept } && IsReference(kept)
        && FunctionOf(operation) == _callback);

    public bool IsReference(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => _names.Contains(local.Local),
        IParameterReferenceOperation parameter => _names.Contains(parameter.Parameter),
        _ => false,
    };

    /// <summary>True where this is the message, a frame of it, or made of one of them: a tuple, a list, an object of the user's.</summary>
    public bool Carries(IOperation? value) => value switch
    {
        null => false,
        IConversionOperation conversion => Carries(conversion.Operand),
        IPropertyReferenceOperation { Instance: { } owner } part =>
            part.Type is { Name: "Frame" or "ReadOnlySpan" } && Carries(owner), // an index, Body, Frames; not Span, which cannot leave
        ITupleOperation tuple => tuple.Elements.Any(Carries),
        IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues.Any(Carries),
        IObjectCreationOperation made => !IsLibrary(made.Type) && (made.Arguments.Any(argument => Carries(argument.Value))
            || (made.Initializer?.Initializers.OfType<IAssignmentOperation>().Any(member => Carries(member.Value)) ?? false)),
        _ => IsReference(value),
    };

    /// <summary>True for what lives longer than the callback: a field, a captured variable, what others hold.</summary>
    public bool IsOutside(IOperation target)
    {
        while (true)
        {
            switch (target)
            {
                case IPropertyReferenceOperation { Instance: { } owner }: target = owner; break;
                case IFieldReferenceOperation { Instance: { } owner }: target = owner; break;
                case IArrayElementReferenceOperation element: target = element.ArrayReference; break;
                case IConversionOperation conversion: target = conversion.Operand; break;
                case ILocalReferenceOperation local: return IsDeclaredOutside(local.Local);
                case IParameterReferenceOperation parameter: return IsDeclaredOutside(parameter.Parameter);
                case IInstanceReferenceOperation instance: return instance.ReferenceKind == InstanceReferenceKind.ContainingTypeInstance;
                default: return target is IFieldReferenceOperation or IPropertyReferenceOperation; // static ones
            }
        }
    }

    /// <summary>The name of the message, or of its frame, in a value that carries it.</summary>
    public IOperation ReferenceIn(IOperation value) => value.DescendantsAndSelf().First(IsReference);

    /// <summary>The first use of it in there.</summary>
    public IOperation? FirstIn(IOperation function) => function.Descendants().FirstOrDefault(IsReference);

    public static IOperation? FunctionOf(IOperation operation)
    {
        IOperation? parent = operation.Parent;
        while (parent is not (null or IAnonymousFunctionOperation or ILocalFunctionOperation)) parent = parent.Parent;
        return parent;
    }

    private bool IsDeclaredOutside(ISymbol symbol) => !symbol.DeclaringSyntaxReferences.Any(place =>
        place.SyntaxTree == _callback.Syntax.SyntaxTree && _callback.Syntax.Span.Contains(place.Span));

    public static bool IsLibrary(ITypeSymbol? type) => type?.ContainingNamespace?.ToDisplayString() is "ZmqLoop" or "ZmqLoop.Streams";
}
