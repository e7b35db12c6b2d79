using ZmqLoop.Vectors;

namespace ZmqLoop.Tests.Contexts.Model;

internal sealed partial class ReferenceMachine
{
    private readonly Dictionary<string, int> _made = [];
    private readonly Dictionary<string, ModelContext> _objects = [];
    private readonly Dictionary<string, (string Label, Stack<ModelBlock> Blocks)> _manual = [];
    private readonly Dictionary<string, ModelContext> _deactivations = [];
    private readonly Dictionary<string, ModelFunction> _variables = [];
    private readonly List<ModelFunction> _queue = [];
    private readonly List<(int Time, ModelFunction Function)> _timers = [];
    private int _now;

    private void Execute(IReadOnlyList<Step> steps)
    {
        foreach (Step step in steps.Where(step => step.Reach())) Execute(step);
    }

    private void Execute(Step step)
    {
        switch (step.Operation)
        {
            case "with": With(step); break;
            case "enter": EnterByHand(step.Context!); break;
            case "leave": LeaveByHand(step.Text("ctx")); break;
            case "deactivate": Deactivate(step.Text("ctx")); break;
            case "run_with": RunWith(step); break;
            case "wrap": _variables[step.Text("var")] = Wrap(Plain(step.Function!)); break;
            case "def": _variables[step.Text("var")] = Plain(step.Function!); break;
            case "rewrap": Rewrap(step.Text("var"), step.Text("of")); break;
            case "call": Call(step.Text("var")); break;
            case "raise":
                Note($"raise {step.Text("exc")}");
                throw new ModelException(step.Text("exc"));
            case "try": Try(step.Body); break;
            case "log": Note($"log {step.Text("id")} @{_now} {StateText}"); break;
            case "thread": RunThread(step); break;
            case "add_callback" or "spawn_callback" or "call_later": Schedule(step); break;
            default: throw new NotSupportedException($"The model does not know the step \"{step.Operation}\".");
        }
    }

    private ModelContext? Make(ContextText text)
    {
        if (text.Use is { } use) return _objects[use];
        if (text.Kind == "null") return null;
        int number = _made[text.Name!] = _made.GetValueOrDefault(text.Name!) + 1;
        return _objects[text.Name!] = new ModelContext(text, number == 1 ? text.Name! : $"{text.Name}~{number}");
    }

    private void With(Step step)
    {
        ModelContext? context = Make(step.Context!);
        Block(context, () =>
        {
            if (context is not null) _deactivations[step.Context!.Name ?? step.Context.Use!] = context;
            Execute(step.Body);
            return null;
        });
        Note($"after {context?.Label ?? "null"}");
    }

    private void EnterByHand(ContextText text)
    {
        ModelContext? context = Make(text);
        ModelBlock block = Enter(context);
        Stack<ModelBlock> blocks = context?.ByHand ?? new Stack<ModelBlock>();
        blocks.Push(block);
        if (context is not null) _deactivations[text.Name ?? text.Use!] = context;
        _manual[text.Name ?? text.Use!] = (context?.Label ?? "null", blocks);
    }

    private void LeaveByHand(string name)
    {
        if (!_manual.TryGetValue(name, out var entered))
        {
            Note($"leave {name} none");
            return;
        }

        Note($"leave {entered.Label}");
        if (!entered.Blocks.TryPop(out ModelBlock? block)) throw new ModelException("StackContextInconsistentError");
        Leave(block, null);
        Note($"after {entered.Label}");
    }

    private void Deactivate(string name)
    {
        bool known = _deactivations.TryGetValue(name, out ModelContext? context);
        Note(known ? $"deact {context!.Label}" : $"deact {name} none");
        if (known) context!.IsActive = false;
    }

    private void RunWith(Step step)
    {
        ModelContext? context = Make(step.Context!);
        string? result = Block(context, Plain(step.Function!).Body);
        Note($"ret {context?.Label ?? "null"} {result ?? "-"}");
    }

    private ModelFunction Plain(FunctionText text) => new(() =>
    {
        Note($"run {text.Name} @{_now} {StateText}");
        Execute(text.Body);
        return text.Result;
    }, IsWrapped: false);

    private ModelFunction Wrap(ModelFunction function)
    {
        if (function.IsWrapped) return function;
        ModelNode? captured = State;
        return new ModelFunction(() => CallWrapped(captured, function.Body), IsWrapped: true);
    }

    private void Rewrap(string name, string of)
    {
        if (!_variables.TryGetValue(of, out ModelFunction? function))
        {
            Note($"undef {of}");
            return;
        }

        _variables[name] = Wrap(function);
        Note($"rewrap {name} {(function.IsWrapped ? "same" : "new")}");
    }

    private void Call(string name)
    {
        if (!_variables.TryGetValue(name, out ModelFunction? function)) Note($"undef {name}");
        else Note($"ret {name} {function.Body() ?? "-"}");
    }

    private void Try(IReadOnlyList<Step> body)
    {
        try
        {
            Execute(body);
        }
        catch (ModelException error)
        {
            Note($"caught {error.Name}");
        }
    }

    private void RunThread(Step step)
    {
        var thread = new Thread(() =>
        {
            Note($"thread {step.Text("id")}");
            try
            {
                Execute(step.Body);
            }
            catch (ModelException error)
            {
                Note($"thread-error {error.Name}");
            }
        });
        thread.Start();
        thread.Join();
        Note($"joined {step.Text("id")}");
    }

    private void Schedule(Step step)
    {
        ModelFunction? function = step.Function is { } text ? Plain(text) : _variables.GetValueOrDefault(step.OptionalText("var") ?? "");
        if (function is null)
        {
            Note($"undef {step.Text("var")}");
            return;
        }

        switch (step.Operation)
        {
            case "add_callback":
                _queue.Add(Wrap(function));
                break;
            case "spawn_callback":
                Block(null, () =>
                {
                    _queue.Add(Wrap(function));
                    return null;
                });
                break;
            default:
                _timers.Add((_now + step.Number("delay"), Wrap(function)));
                break;
        }
    }

    private void Start()
    {
        Note("start");
        while (true)
        {
            int count = _queue.Count;
            var due = _timers.Where(timer => timer.Time <= _now).OrderBy(timer => timer.Time).ToList(); // a stable sort
            _timers.RemoveAll(due.Contains);
            for (; count > 0; count--)
            {
                ModelFunction first = _queue[0];
                _queue.RemoveAt(0);
                RunOnLoop(first);
            }

            foreach ((_, ModelFunction function) in due) RunOnLoop(function);
            if (_queue.Count > 0) continue;
            if (_timers.Count == 0) break;
            _now = Math.Max(_now, _timers.Min(timer => timer.Time));
        }

        Note("idle");
        Note("start-return");
    }

    private void RunOnLoop(ModelFunction function)
    {
        try
        {
            function.Body();
        }
        catch (ModelException error)
        {
            Note($"loop-error {error.Name} {StateText}");
        }
    }

    private sealed record ModelFunction(Func<string?> Body, bool IsWrapped);
}
