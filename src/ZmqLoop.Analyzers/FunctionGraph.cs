using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ZmqLoop.Analyzers;

/// <summary>Functions, what each calls, and which are given to a loop.</summary>
internal sealed class FunctionGraph
{
    private readonly Dictionary<IMethodSymbol, FunctionNode> _functions = new(SymbolEqualityComparer.Default);
    private readonly List<(IMethodSymbol Function, CallbackThread Where)> _callbacks = [];

    /// <summary>The functions of one member: itself, its lambdas and local functions.</summary>
    public static FunctionGraph Of(ISymbol member, ImmutableArray<IOperation> blocks)
    {
        FunctionGraph graph = new();
        if (member is IMethodSymbol method && IsHandler(method)) graph._callbacks.Add((method, CallbackThread.Loop));
        foreach (IOperation block in blocks)
        {
            foreach (IOperation operation in block.DescendantsAndSelf()) graph.Add(member, operation);
        }

        return graph;
    }

    /// <summary>True for what a host calls on the loop: the methods of its handlers.</summary>
    private static bool IsHandler(IMethodSymbol method) => method.ContainingType.AllInterfaces
        .Where(static type => type.ToDisplayString() is "ZmqLoop.Hosting.IMessageHandler" or "ZmqLoop.Hosting.IRequestHandler")
        .SelectMany(static type => type.GetMembers())
        .Select(method.ContainingType.FindImplementationForInterfaceMember)
        .Any(implementation => SymbolEqualityComparer.Default.Equals(implementation, method));

    public static FunctionGraph Merge(IEnumerable<FunctionGraph> graphs)
    {
        FunctionGraph all = new();
        foreach (FunctionGraph graph in graphs)
        {
            all._callbacks.AddRange(graph._callbacks);
            foreach (KeyValuePair<IMethodSymbol, FunctionNode> function in graph._functions)
            {
                FunctionNode node = all.NodeOf(function.Key); // a constructor has several: with those of fields
                node.Blocking.AddRange(function.Value.Blocking);
                node.Calls.UnionWith(function.Value.Calls);
            }
        }

        return all;
    }

    /// <summary>What blocks in the functions that are known to run on a loop: the callbacks, and what they call.</summary>
    public IEnumerable<BlockingCall> BlockingOnLoop()
    {
        HashSet<IOperation> found = [];
        foreach ((IMethodSymbol callback, CallbackThread where) in _callbacks)
        {
            HashSet<IMethodSymbol> seen = new(SymbolEqualityComparer.Default) { callback };
            Queue<IMethodSymbol> reached = new(seen);
            while (reached.Count > 0)
            {
                IMethodSymbol function = reached.Dequeue();
                if (!_functions.TryGetValue(function, out FunctionNode? node)) continue;
                foreach (BlockingCall call in node.Blocking)
                {
                    if (!IsReady(call, where, function, callback) && found.Add(call.Operation)) yield return call;
                }

                foreach (IMethodSymbol called in node.Calls)
                {
                    if (seen.Add(called)) reached.Enqueue(called);
                }
            }
        }
    }

    /// <summary>A handler is called because its socket is ready, and a future's callback because its task has ended.</summary>
    private static bool IsReady(BlockingCall call, CallbackThread where, IMethodSymbol function, IMethodSymbol callback) => where switch
    {
        CallbackThread.LoopWhenReady => call.Kind == BlockingKind.Receive,
        CallbackThread.LoopWhenDone => call.Kind == BlockingKind.Result && SymbolEqualityComparer.Default.Equals(function, callback),
        _ => false,
    };

    private void Add(ISymbol member, IOperation operation)
    {
        if (BlockingCall.At(operation) is { } blocking && FunctionOf(member, operation) is { } function)
            NodeOf(function).Blocking.Add(blocking);
        switch (operation)
        {
            case IInvocationOperation call when FunctionOf(member, call) is { } caller:
                NodeOf(caller).Calls.Add(call.TargetMethod.OriginalDefinition);
                break;
            case IAnonymousFunctionOperation lambda:
                AddGiven(member, lambda, lambda.Symbol);
                break;
            case IMethodReferenceOperation method:
                AddGiven(member, method, method.Method.OriginalDefinition);
                break;
            case ILocalReferenceOperation local when Callbacks.ArgumentOf(local) is not null && LambdaOf(local) is { } kept:
                AddGiven(member, local, kept);
                break;
        }
    }

    private void AddGiven(ISymbol member, IOperation given, IMethodSymbol function)
    {
        CallbackThread where = Callbacks.Of(given);
        if (Callbacks.IsOnLoop(where)) _callbacks.Add((function, where));
        else if (where == CallbackThread.Caller && FunctionOf(member, given) is { } caller) NodeOf(caller).Calls.Add(function);
    }

    private FunctionNode NodeOf(IMethodSymbol function)
    {
        if (!_functions.TryGetValue(function, out FunctionNode? node)) _functions[function] = node = new FunctionNode();
        return node;
    }

    /// <summary>The lambda that a local variable was made with.</summary>
    private static IMethodSymbol? LambdaOf(ILocalReferenceOperation reference)
    {
        IOperation root = reference;
        while (root.Parent is { } parent) root = parent;
        foreach (IOperation operation in root.Descendants())
        {
            if (operation is not IVariableDeclaratorOperation { Initializer.Value: { } value } declarator) continue;
            if (!SymbolEqualityComparer.Default.Equals(declarator.Symbol, reference.Local)) continue;
            while (value is IConversionOperation conversion) value = conversion.Operand;
            return (value as IDelegateCreationOperation)?.Target is IAnonymousFunctionOperation lambda ? lambda.Symbol : null;
        }

        return null;
    }

    private static IMethodSymbol? FunctionOf(ISymbol member, IOperation operation)
    {
        for (IOperation? parent = operation.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is IAnonymousFunctionOperation lambda) return lambda.Symbol;
            if (parent is ILocalFunctionOperation local) return local.Symbol;
        }

        return member as IMethodSymbol;
    }
}
