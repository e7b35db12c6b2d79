namespace ZmqLoop.Vectors;

internal sealed partial class Machine
{
    private const string NullLabel = "null";
    private readonly Dictionary<string, int> _made = [];
    private readonly Dictionary<string, CallbackContext> _objects = [];
    private readonly Dictionary<string, Entered> _manual = [];
    private readonly Dictionary<string, CallbackContext> _deactivations = [];
    private readonly Dictionary<string, Variable> _variables = [];

    /// <summary>True if the step was one about contexts or wrapped functions.</summary>
    private bool ExecuteContextStep(Step step)
    {
        switch (step.Operation)
        {
            case "with":
                With(step);
                return true;
            case "enter":
                Enter(step);
                return true;
            case "leave":
                Leave(step.Text("ctx"));
                return true;
            case "deactivate":
                Deactivate(step.Text("ctx"));
                return true;
            case "run_with":
                RunWith(step);
                return true;
            case "wrap":
                _variables[step.Text("var")] = Variable.Plain(this, step.Function!).Wrap();
                return true;
            case "def":
                _variables[step.Text("var")] = Variable.Plain(this, step.Function!);
                return true;
            case "rewrap":
                Rewrap(step.Text("var"), step.Text("of"));
                return true;
            case "call":
                Call(step.Text("var"));
                return true;
            default:
                return false;
        }
    }

    private void With(Step step)
    {
        CallbackContext? context = Make(step.Context!);
        if (context is null)
        {
            NullContext.Run(() => Execute(step.Body));
            Note($"after {NullLabel}");
            return;
        }

        context.Run(() =>
        {
            RememberDeactivation(step.Context!, context);
            Execute(step.Body);
        });
        Note($"after {context.Name}");
    }

    private void Enter(Step step)
    {
        CallbackContext? context = Make(step.Context!);
        string name = step.Context!.Name ?? step.Context.Use!;
        if (context is null)
        {
            var nothing = new NullContext();
            nothing.Enter();
            _manual[name] = new Entered(NullLabel, nothing.Leave);
            return;
        }

        context.Enter();
        RememberDeactivation(step.Context, context);
        _manual[name] = new Entered(context.Name!, () => context.Leave());
    }

    private void Leave(string name)
    {
        if (!_manual.TryGetValue(name, out Entered? entered))
        {
            Note($"leave {name} none");
            return;
        }

        Note($"leave {entered.Label}");
        entered.Leave();
        Note($"after {entered.Label}");
    }

    private void RememberDeactivation(ContextText text, CallbackContext context) => _deactivations[text.Name ?? text.Use!] = context;

    private void Deactivate(string name)
    {
        bool known = _deactivations.TryGetValue(name, out CallbackContext? context);
        Note(known ? $"deact {context!.Name}" : $"deact {name} none");
        context?.Deactivate();
    }

    private void RunWith(Step step)
    {
        CallbackContext? context = Make(step.Context!);
        Func<object?> function = () => Invoke(step.Function!, "");
        object? result = context is null ? NullContext.Run(function) : StackContext.RunWithStackContext(context, function);
        Note($"ret {context?.Name ?? NullLabel} {result ?? "-"}");
    }

    private void Rewrap(string name, string of)
    {
        if (!_variables.TryGetValue(of, out Variable? variable))
        {
            Note($"undef {of}");
            return;
        }

        Variable wrapped = variable.Wrap();
        _variables[name] = wrapped;
        Note($"rewrap {name} {(wrapped.IsSameAs(variable) ? "same" : "new")}");
    }

    private void Call(string name)
    {
        if (!_variables.TryGetValue(name, out Variable? variable))
        {
            Note($"undef {name}");
            return;
        }

        object? result = variable.Function();
        Note($"ret {name} {result ?? "-"}");
    }

    /// <summary>Calls a function of the program.</summary>
    private object? Invoke(FunctionText function, string suffix)
    {
        Note($"run {function.Name} {Now} {State}{suffix}");
        Execute(function.Body);
        return function.ResultFuture is { } future ? _futures[future] : function.Result;
    }

    /// <summary>Makes a context object; null for a NullContext.</summary>
    private CallbackContext? Make(ContextText text)
    {
        if (text.Use is { } use)
            return _objects.TryGetValue(use, out CallbackContext? existing) ? existing
                : throw new VectorFileException($"There is no context {use} to be used once more.");
        if (text.Kind == "null") return null;
        string name = text.Name ?? throw new VectorFileException("A context has no name.");
        int number = _made[name] = _made.GetValueOrDefault(name) + 1;
        string label = number == 1 ? name : $"{name}~{number}";
        CallbackContext context;
        if (text.Kind == "sc")
        {
            var hooks = new Hooks(this, text, label);
            context = new StackContext(hooks.Create) { Name = label };
        }
        else if (text.Kind == "esc")
        {
            context = new ExceptionStackContext(error => Handle(text, label, error)) { Name = label };
        }
        else
        {
            throw new VectorFileException($"There is no kind of context \"{text.Kind}\".");
        }

        return _objects[name] = context;
    }

    private bool Handle(ContextText text, string label, Exception error)
    {
        string name = Errors.NameOf(error);
        Note($"handle {label} {name}");
        Execute(text.HandlerSteps);
        if (text.HandlerError is { } raised)
        {
            Note($"handle-raise {label} {raised}");
            throw Errors.Create(raised);
        }

        bool handled = text.Catches.Contains("*") || text.Catches.Contains(name);
        Note($"handled {label} {(handled ? "true" : "false")}");
        return handled;
    }

    private sealed record Entered(string Label, Action Leave);

    /// <summary>A function in a variable: as one with a result to be called, and as one without to be given to the loop. Both are wrapped
    /// at once.</summary>
    private sealed record Variable(FunctionText Text, Func<object?> Function, Action Action, bool IsWrapped)
    {
        public static Variable Plain(Machine machine, FunctionText text) =>
            new(text, () => machine.Invoke(text, machine.TakeSuffix()), () => machine.Invoke(text, machine.TakeSuffix()), IsWrapped: false);

        public Variable Wrap() =>
            this with { Function = StackContext.Wrap(Function), Action = StackContext.Wrap(Action), IsWrapped = true };

        public bool IsSameAs(Variable other) => ReferenceEquals(Function, other.Function) && ReferenceEquals(Action, other.Action);
    }

    /// <summary>The factory of a StackContext, with its count of instances.</summary>
    private sealed class Hooks(Machine machine, ContextText text, string label)
    {
        private int _instances;

        public Instance Create()
        {
            int number = Interlocked.Increment(ref _instances);
            if (text.FactoryError is { } error && error.AppliesTo(number))
            {
                machine.Note($"factory-raise {label}#{number} {error.Exception}");
                throw Errors.Create(error.Exception);
            }

            return new Instance(machine, text, label, number);
        }
    }

    private sealed class Instance(Machine machine, ContextText text, string label, int number) : IContextManager
    {
        private readonly string _name = $"{label}#{number}";

        public string Label => label;

        private List<Instance> Active => machine._active.Value!;

        public void Enter()
        {
            machine.Note($"enter {_name}");
            machine.Execute(text.EnterSteps);
            if (text.EnterError is { } error && error.AppliesTo(number))
            {
                machine.Note($"enter-raise {_name} {error.Exception}");
                throw Errors.Create(error.Exception);
            }

            Active.Add(this);
        }

        public bool Exit(Exception? exception)
        {
            machine.Note($"exit {_name} {Errors.NameOf(exception)}");
            Active.Remove(this);
            machine.Execute(text.ExitSteps);
            if (text.ExitError is { } error && error.AppliesTo(number))
            {
                machine.Note($"exit-raise {_name} {error.Exception}");
                throw Errors.Create(error.Exception);
            }

            if (exception is null || !text.Suppresses) return false;
            machine.Note($"exit-suppress {_name}");
            return true;
        }
    }
}
