using ZmqLoop.Testing;

namespace ZmqLoop.Vectors;

/// <summary>Runs one program over the library's public API, and writes its trace.</summary>
/// <remarks>Only the names in the trace are state of the runner; contexts, queues and timers are the library's own.</remarks>
internal sealed partial class Machine : IDisposable
{
    private const int MaxEvents = 5_000;
    private const int MaxDepth = 400;

    private readonly VectorProgram _program;
    private readonly List<string> _trace = [];
    private readonly ManualTimeProvider _time = new();
    private readonly VectorPoller _poller;
    private readonly VectorLoop _loop;
    private readonly ThreadLocal<List<Instance>> _active = new(() => []);
    private int _depth;
    private bool _halted;

    public Machine(VectorProgram program)
    {
        _program = program;
        _poller = new VectorPoller(_time, Idle);
        _loop = new VectorLoop(this);
    }

    public IReadOnlyList<string> Run()
    {
        try
        {
            Execute(_program.ParseSteps());
        }
        catch (Exception error)
        {
            Note($"main-error {Errors.NameOf(error)}");
        }

        if (!_program.ManualStart) Start();
        Note($"end {State}");
        return _trace;
    }

    public void Dispose()
    {
        if (!_loop.IsRunning) _loop.Dispose();
        _active.Dispose();
        _requests.Dispose();
    }

    private string State =>
        $"[{string.Join(',', _active.Value!.Select(static instance => instance.Label))}] "
        + $"({string.Join(',', StackContext.Active.Select(context => context.Name))})";

    private string Now => $"@{_time.Now.TotalSeconds:0.#######}";

    private void Note(string line)
    {
        if (_halted) return;
        _trace.Add(line);
        if (_trace.Count < MaxEvents) return;
        Halt($"more than {MaxEvents} events");
    }

    /// <summary>A program that goes on for ever is ended: from now on its steps do nothing.</summary>
    private void Halt(string why)
    {
        _trace.Add($"HALTED: {why}");
        _halted = true;
        _loop.Stop();
    }

    private void Idle()
    {
        Note("idle");
        _loop.Stop();
    }

    private void Execute(IReadOnlyList<Step> steps)
    {
        if (++_depth > MaxDepth && !_halted) Halt($"functions nested more than {MaxDepth} deep");
        try
        {
            foreach (Step step in steps)
            {
                if (_halted) return;
                if (step.Reach()) Execute(step);
            }
        }
        finally
        {
            _depth--;
        }
    }

    private void Execute(Step step)
    {
        if (ExecuteContextStep(step) || ExecuteLoopStep(step)) return;
        switch (step.Operation)
        {
            case "raise":
                Note($"raise {step.Text("exc")}");
                throw Errors.Create(step.Text("exc"));
            case "try":
                Try(step);
                break;
            case "log":
                Note($"log {step.Text("id")} {Now} {State}");
                break;
            case "thread":
                RunThread(step);
                break;
            case "advance":
                Advance(step);
                break;
            default:
                throw new VectorFileException($"There is no step \"{step.Operation}\" in the format.");
        }
    }

    private void Try(Step step)
    {
        try
        {
            Execute(step.Body);
        }
        catch (Exception error) when (error is not VectorFileException)
        {
            Note($"caught {Errors.NameOf(error)}");
        }
    }

    private void Advance(Step step)
    {
        var by = step.Member("by");
        int units = by.ValueKind != System.Text.Json.JsonValueKind.Array ? by.GetInt32()
            : step.Reached <= by.GetArrayLength() ? by[step.Reached - 1].GetInt32()
            : 0;
        _time.Advance(TimeSpan.FromSeconds(units));
    }

    /// <summary>The real loop; only what it does with the errors that nobody handled is the machine's.</summary>
    private sealed class VectorLoop(Machine machine)
        : IOLoop(new IOLoopOptions { TimeProvider = machine._time, Poller = machine._poller, MakeCurrent = false })
    {
        public override void HandleCallbackException(Exception exception, CallbackOrigin origin) =>
            machine.Note($"loop-error {Errors.NameOf(exception)} {machine.State}");
    }
}
