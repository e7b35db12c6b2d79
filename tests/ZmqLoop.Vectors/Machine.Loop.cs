namespace ZmqLoop.Vectors;

internal sealed partial class Machine
{
    private readonly Dictionary<string, TimeoutHandle> _handles = [];
    private readonly Dictionary<string, PeriodicCallback> _periodics = [];
    private readonly Dictionary<string, TaskCompletionSource<string?>> _futures = [];
    private readonly Dictionary<string, int> _descriptors = [];
    private string _suffix = "";

    /// <summary>True if the step was one about the loop.</summary>
    private bool ExecuteLoopStep(Step step)
    {
        switch (step.Operation)
        {
            case "add_callback":
                Schedule(step, callback => _loop.AddCallback(callback));
                return true;
            case "spawn_callback":
                Schedule(step, callback => _loop.SpawnCallback(callback));
                return true;
            case "add_callback_from_signal":
                Schedule(step, callback => _loop.AddCallbackFromSignal(callback));
                return true;
            case "call_later":
                ScheduleTimer(step, callback => _loop.CallLater(TimeSpan.FromSeconds(step.Number("delay")), callback));
                return true;
            case "call_at":
                ScheduleTimer(step, callback => _loop.CallAt(step.Number("when"), callback));
                return true;
            case "add_timeout":
                ScheduleTimer(step, callback => AddTimeout(step, callback));
                return true;
            case "remove_timeout":
                RemoveTimeout(step.Text("handle"));
                return true;
            case "start":
                Start();
                return true;
            case "stop":
                Note("stop");
                _loop.Stop();
                return true;
            case "close":
                Note("close");
                _loop.Close();
                return true;
            default:
                return ExecuteSourceStep(step) || ExecuteFutureStep(step);
        }
    }

    private bool ExecuteSourceStep(Step step)
    {
        switch (step.Operation)
        {
            case "add_handler":
                AddHandler(step);
                return true;
            case "update_handler":
                Descriptor(step, out int updated);
                RefusedUnless(_poller.IsRegistered(updated), () => _loop.UpdateHandler(updated, EventsOf(step)));
                return true;
            case "remove_handler":
                Descriptor(step, out int removed);
                _loop.RemoveHandler(removed);
                return true;
            case "fire":
                Descriptor(step, out int fired);
                _poller.Fire(fired, EventsOf(step));
                return true;
            case "drain":
                Descriptor(step, out int drained);
                _poller.Drain(drained, EventsOf(step));
                return true;
            case "poll_error":
                _poller.FailNextPoll(step.Text("errno"));
                return true;
            default:
                return false;
        }
    }

    private bool ExecuteFutureStep(Step step)
    {
        switch (step.Operation)
        {
            case "periodic":
                FunctionText function = step.Function!;
                _periodics[step.Text("var")] =
                    new PeriodicCallback(() => Invoke(function, ""), TimeSpan.FromSeconds(step.Number("period")), _loop);
                return true;
            case "periodic_start":
                Note($"pstart {step.Text("var")}");
                _periodics[step.Text("var")].Start();
                return true;
            case "periodic_stop":
                Note($"pstop {step.Text("var")}");
                _periodics[step.Text("var")].Stop();
                return true;
            case "future":
                _futures[step.Text("var")] = new TaskCompletionSource<string?>();
                return true;
            case "resolve":
                Note($"resolve {step.Text("var")}");
                _futures[step.Text("var")].SetResult(step.OptionalText("value"));
                return true;
            case "reject":
                Note($"reject {step.Text("var")}");
                _futures[step.Text("var")].SetException(Errors.Create(step.Text("exc")));
                return true;
            case "add_future":
                AddFuture(step);
                return true;
            case "run_sync":
                RunSync(step);
                return true;
            default:
                return false;
        }
    }

    private void Start()
    {
        Note("start");
        try
        {
            _loop.Start();
        }
        catch (Exception error)
        {
            Note($"start-error {Errors.NameOf(error)}");
            return;
        }

        Note("start-return");
    }

    /// <summary>Gives a step's target to one of the loop's doors.</summary>
    private void Schedule(Step step, Action<Action> door)
    {
        if (Target(step) is not { } target) return;
        if (target.Text.ResultFuture is null)
        {
            door(target.Action);
            return;
        }

        // tornado's loop looks at the future when the callback has returned to it, outside of the callback's contexts.
        Func<object?> wrapped =
            step.Operation is "spawn_callback" or "add_callback_from_signal" ? target.Function : StackContext.Wrap(target.Function);
        NullContext.Run(() => door(() =>
        {
            if (wrapped() is TaskCompletionSource<string?> future) _loop.AddFuture(future.Task, task => task.GetAwaiter().GetResult());
        }));
    }

    private Variable? Target(Step step)
    {
        if (step.Function is { } function) return Variable.Plain(this, function);
        if (_variables.TryGetValue(step.Text("var"), out Variable? variable)) return variable;
        Note($"undef {step.Text("var")}");
        return null;
    }

    private TimeoutHandle AddTimeout(Step step, Action callback)
    {
        var deadline = step.Member("deadline");
        return deadline.TryGetProperty("abs", out var time)
            ? _loop.AddTimeout((double)time.GetInt32(), callback)
            : _loop.AddTimeout(TimeSpan.FromSeconds(deadline.GetProperty("delta").GetInt32()), callback);
    }

    private void ScheduleTimer(Step step, Func<Action, TimeoutHandle> door) => Schedule(step, callback =>
    {
        TimeoutHandle handle = default;
        if (_loop.CheckAccess())
        {
            handle = door(callback);
        }
        else
        {
            Action wrapped = StackContext.Wrap(callback); // here, where its contexts are
            OnLoopThread(() => handle = door(wrapped));
        }

        if (step.OptionalText("handle") is { } name) _handles[name] = handle;
    });

    private void RemoveTimeout(string name)
    {
        bool known = _handles.TryGetValue(name, out TimeoutHandle handle);
        Note(known ? $"cancel {name}" : $"cancel {name} none");
        if (known) OnLoopThread(() => _loop.RemoveTimeout(handle));
    }

    private void AddHandler(Step step)
    {
        if (Target(step) is not { } target) return;
        string name = Descriptor(step, out int descriptor);
        IOHandler handler = (_, events) => CallWithSuffix(target, $" {name}:{TextOf(events)}");
        Action add = () => _loop.AddHandler(descriptor, handler, EventsOf(step));
        if (target.IsWrapped) add = Outside(add);
        RefusedUnless(!_poller.IsRegistered(descriptor), add);
    }

    private void AddFuture(Step step)
    {
        if (Target(step) is not { } target) return;
        string name = step.Text("future");
        Task<string?> future = _futures[name].Task;
        Action add = () => _loop.AddFuture(future, task => CallWithSuffix(target, $" future:{name}={TextOf(task)}"));
        if (target.IsWrapped) add = Outside(add);
        add();
    }

    /// <summary>A function that was wrapped keeps its own contexts, and the delegate around it brings none.</summary>
    private static Action Outside(Action action) => () => NullContext.Run(action);

    private void CallWithSuffix(Variable target, string suffix)
    {
        _suffix = suffix;
        target.Action();
    }

    /// <summary>The arguments of the call that begins, as the trace shows them.</summary>
    private string TakeSuffix()
    {
        string suffix = _suffix;
        _suffix = "";
        return suffix;
    }

    private void RunSync(Step step)
    {
        Note("run-sync");
        try
        {
            TimeSpan? timeout = step.OptionalNumber("timeout") is { } units ? TimeSpan.FromSeconds(units) : null;
            string? result = _loop.RunSync(() => Invoke(step.Function!, "") switch
            {
                null => Task.FromResult<string?>(null),
                TaskCompletionSource<string?> future => future.Task,
                _ => throw new NamedException("BadYieldError"), // which a typed RunSync leaves to the compiler
            }, timeout);
            Note($"run-sync-result {result ?? "-"}");
        }
        catch (Exception error) when (error is not VectorFileException)
        {
            Note($"run-sync-error {Errors.NameOf(error)}");
        }
    }

    /// <summary>The loop itself refuses what tornado leaves to the poller to refuse; traces know it as the poller's error.</summary>
    private void RefusedUnless(bool possible, Action action)
    {
        try
        {
            action();
        }
        catch (InvalidOperationException) when (!possible && !_loop.IsClosed)
        {
            throw new NamedException("OSError");
        }
    }

    private string Descriptor(Step step, out int descriptor)
    {
        string name = step.Text("fd");
        if (!_descriptors.TryGetValue(name, out descriptor)) _descriptors[name] = descriptor = _descriptors.Count;
        return name;
    }

    private static IOEvents EventsOf(Step step)
    {
        IOEvents events = IOEvents.None;
        foreach (char letter in step.Text("events"))
        {
            events |= letter switch
            {
                'r' => IOEvents.Read,
                'w' => IOEvents.Write,
                'e' => IOEvents.Error,
                _ => throw new VectorFileException($"There is no event '{letter}'."),
            };
        }

        return events;
    }

    private static string TextOf(IOEvents events) =>
        ((events & IOEvents.Read) != 0 ? "r" : "") + ((events & IOEvents.Write) != 0 ? "w" : "")
            + ((events & IOEvents.Error) != 0 ? "e" : "");

    private static string TextOf(Task<string?> task) => task.IsFaulted ? Errors.NameOf(task.Exception.InnerException) : task.Result ?? "-";
}
