using ZmqLoop.Vectors;

namespace ZmqLoop.Tests.Contexts.Model;

/// <summary>
/// The semantics of contexts and of the loop, written down as naively as possible and without the library: fresh nodes for each call,
/// lists, no shortcuts. What the library does with a program must be what this does.
/// </summary>
internal sealed partial class ReferenceMachine(VectorProgram program) : IDisposable
{
    private readonly List<string> _trace = [];
    private readonly ThreadLocal<List<(string Label, int Number)>> _active = new(() => []);
    private readonly ThreadLocal<ModelNode?> _state = new();

    public IReadOnlyList<string> Run()
    {
        try
        {
            Execute(program.ParseSteps());
        }
        catch (ModelException error)
        {
            Note($"main-error {error.Name}");
        }

        Start();
        Note($"end {StateText}");
        return _trace;
    }

    public void Dispose()
    {
        _active.Dispose();
        _state.Dispose();
    }

    private ModelNode? State
    {
        get => _state.Value;
        set => _state.Value = value;
    }

    private string StateText =>
        $"[{string.Join(',', _active.Value!.Select(static instance => instance.Label))}] "
        + $"({string.Join(',', Chain(State).Select(context => context.Label))})";

    private void Note(string line) => _trace.Add(line);

    /// <summary>The contexts of a chain, outermost first.</summary>
    private static List<ModelContext> Chain(ModelNode? node)
    {
        List<ModelContext> chain = [];
        for (; node is not null; node = node.Parent)
        {
            if (node.Context is null) break; // a NullContext: nothing outside of it counts
            chain.Insert(0, node.Context);
        }

        return chain;
    }

    /// <summary>Enters a block; a null context is a NullContext.</summary>
    private ModelBlock Enter(ModelContext? context)
    {
        ModelNode? old = State;
        var mine = new ModelNode(context, old);
        State = mine;
        int instance = 0;
        if (context is { IsManager: true })
        {
            try
            {
                instance = EnterInstance(context);
            }
            catch (ModelException)
            {
                State = old;
                throw;
            }
        }

        return new ModelBlock(context, mine, old, instance);
    }

    /// <summary>Leaves a block. True if the exception was consumed.</summary>
    private bool Leave(ModelBlock block, ModelException? error)
    {
        bool consumed = false;
        ModelException? raised = null;
        try
        {
            if (block.Context is { IsManager: true } manager) consumed = ExitInstance(manager, block.Instance, error);
            else if (block.Context is { } handler && error is not null) consumed = Handle(handler, error);
        }
        catch (ModelException exception)
        {
            raised = exception;
        }

        ModelNode? final = State;
        State = block.Old;
        if (!ReferenceEquals(final, block.Mine)) throw new ModelException("StackContextInconsistentError");
        return raised is null ? consumed : throw raised;
    }

    /// <summary>A block of a context around a body; the default result if an exception was consumed.</summary>
    private string? Block(ModelContext? context, Func<string?> body)
    {
        ModelBlock block = Enter(context);
        string? result = null;
        try
        {
            result = body();
        }
        catch (ModelException error)
        {
            if (Leave(block, error)) return null;
            throw;
        }

        Leave(block, null);
        return result;
    }

    /// <summary>Calls a function that was wrapped under a captured state.</summary>
    private string? CallWrapped(ModelNode? captured, Func<string?> function)
    {
        ModelNode? old = State;
        List<ModelNode> nodes = [];
        foreach (ModelContext context in Chain(captured).Where(context => context.IsActive))
            nodes.Add(new ModelNode(context, nodes.LastOrDefault()));

        List<(ModelNode Node, int Instance)> entered = [];
        string? result = null;
        ModelException? error = null;
        try
        {
            foreach (ModelNode node in nodes)
            {
                State = node;
                entered.Add((node, node.Context!.IsManager ? EnterInstance(node.Context) : 0));
            }

            State = nodes.LastOrDefault();
            result = function();
        }
        catch (ModelException exception)
        {
            error = exception;
        }

        for (int i = entered.Count - 1; i >= 0; i--)
        {
            (ModelNode node, int instance) = entered[i];
            State = node;
            try
            {
                bool consumed = node.Context!.IsManager ? ExitInstance(node.Context, instance, error)
                    : error is not null && Handle(node.Context, error);
                if (consumed) error = null;
            }
            catch (ModelException exception)
            {
                error = exception;
            }
        }

        State = old;
        return error is null ? result : throw error;
    }

    private int EnterInstance(ModelContext context)
    {
        int number = ++context.Instances;
        RaiseIf(context.Text.FactoryError, number, $"factory-raise {context.Label}#{number}");
        Note($"enter {context.Label}#{number}");
        Execute(context.Text.EnterSteps);
        RaiseIf(context.Text.EnterError, number, $"enter-raise {context.Label}#{number}");
        _active.Value!.Add((context.Label, number));
        return number;
    }

    private bool ExitInstance(ModelContext context, int number, ModelException? error)
    {
        Note($"exit {context.Label}#{number} {error?.Name ?? "-"}");
        _active.Value!.Remove((context.Label, number));
        Execute(context.Text.ExitSteps);
        RaiseIf(context.Text.ExitError, number, $"exit-raise {context.Label}#{number}");
        if (error is null || !context.Text.Suppresses) return false;
        Note($"exit-suppress {context.Label}#{number}");
        return true;
    }

    private bool Handle(ModelContext context, ModelException error)
    {
        Note($"handle {context.Label} {error.Name}");
        Execute(context.Text.HandlerSteps);
        if (context.Text.HandlerError is { } raised)
        {
            Note($"handle-raise {context.Label} {raised}");
            throw new ModelException(raised);
        }

        bool handled = context.Text.Catches.Contains("*") || context.Text.Catches.Contains(error.Name);
        Note($"handled {context.Label} {(handled ? "true" : "false")}");
        return handled;
    }

    private void RaiseIf(HookError? error, int number, string line)
    {
        if (error is null || !error.AppliesTo(number)) return;
        Note($"{line} {error.Exception}");
        throw new ModelException(error.Exception);
    }
}

internal sealed class ModelException(string name) : Exception(name)
{
    public string Name { get; } = name;
}

internal sealed record ModelBlock(ModelContext? Context, ModelNode Mine, ModelNode? Old, int Instance);

/// <summary>A link of a chain; without a context it is a NullContext's.</summary>
internal sealed class ModelNode(ModelContext? context, ModelNode? parent)
{
    public ModelContext? Context => context;

    public ModelNode? Parent => parent;
}

internal sealed class ModelContext(ContextText text, string label)
{
    public ContextText Text => text;

    public string Label => label;

    public bool IsManager => text.Kind == "sc";

    public bool IsActive { get; set; } = true;

    public int Instances { get; set; }

    /// <summary>What was entered by hand and not left.</summary>
    public Stack<ModelBlock> ByHand { get; } = new();
}
