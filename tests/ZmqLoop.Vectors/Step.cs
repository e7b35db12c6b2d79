using System.Text.Json;

namespace ZmqLoop.Vectors;

/// <summary>A step of a program. Its counter, for <c>at</c>, belongs to this place in the program's text.</summary>
public sealed class Step
{
    private readonly JsonElement _json;
    private readonly int[]? _at;
    private int _reached;

    private Step(JsonElement json)
    {
        _json = json;
        _at = Json.Integers(json, "at");
        Operation = Json.Text(json, "op") ?? throw new VectorFileException("A step has no \"op\".");
        Body = Json.Steps(json, "body");
        Function = Json.Has(json, "fn", out JsonElement function) ? new FunctionText(function) : null;
        if (Operation is "with" or "enter") Context = new ContextText(json);
        else if (Operation == "run_with") Context = new ContextText(Json.Member(json, "ctx"));
    }

    public string Operation { get; }

    public IReadOnlyList<Step> Body { get; }

    public FunctionText? Function { get; }

    public ContextText? Context { get; }

    public static Step Parse(JsonElement json) => new(json);

    /// <summary>Counts that the step was reached; true if it is to be executed this time.</summary>
    public bool Reach()
    {
        int reached = Interlocked.Increment(ref _reached);
        return _at is null || _at.Contains(reached);
    }

    /// <summary>How often the step was reached, this time included.</summary>
    public int Reached => _reached;

    public string Text(string field) =>
        Json.Text(_json, field) ?? throw new VectorFileException($"A step \"{Operation}\" has no \"{field}\".");

    public string? OptionalText(string field) => Json.Text(_json, field);

    public int Number(string field) => Json.Member(_json, field).GetInt32();

    public int? OptionalNumber(string field) => Json.Has(_json, field, out JsonElement value) ? value.GetInt32() : null;

    public JsonElement Member(string field) => Json.Member(_json, field);
}

/// <summary>The text of a function: what it does and returns.</summary>
public sealed class FunctionText(JsonElement json)
{
    public string Name { get; } = Json.Text(json, "name") ?? throw new VectorFileException("A function has no name.");

    public IReadOnlyList<Step> Body { get; } = Json.Steps(json, "body");

    public string? Result { get; } = Json.Text(json, "ret");

    /// <summary>The name of the future that it returns instead.</summary>
    public string? ResultFuture { get; } = Json.Text(json, "retFuture");
}

/// <summary>The text of a context: its kind, and what its hooks do.</summary>
public sealed class ContextText(JsonElement json)
{
    public string? Kind { get; } = Json.Text(json, "kind");

    public string? Name { get; } = Json.Text(json, "name");

    /// <summary>The name of the existing object that is used once more.</summary>
    public string? Use { get; } = Json.Text(json, "use");

    public IReadOnlyList<Step> EnterSteps { get; } = Json.Steps(json, "enterDo");

    public IReadOnlyList<Step> ExitSteps { get; } = Json.Steps(json, "exitDo");

    public IReadOnlyList<Step> HandlerSteps { get; } = Json.Steps(json, "do");

    public HookError? FactoryError { get; } = HookError.Parse(json, "factoryRaise");

    public HookError? EnterError { get; } = HookError.Parse(json, "enterRaise");

    public HookError? ExitError { get; } = HookError.Parse(json, "exitRaise");

    /// <summary>What the exception handler raises.</summary>
    public string? HandlerError { get; } = Json.Text(json, "raise");

    public IReadOnlyList<string> Catches { get; } = Json.Texts(json, "catch");

    public bool Suppresses { get; } = Json.Has(json, "suppress", out JsonElement value) && value.GetBoolean();
}

/// <summary>What a hook raises, and for which instances.</summary>
public sealed class HookError
{
    private readonly int[]? _at;

    private HookError(string exception, int[]? at)
    {
        Exception = exception;
        _at = at;
    }

    public string Exception { get; }

    public bool AppliesTo(int instance) => _at is null || _at.Contains(instance);

    public static HookError? Parse(JsonElement json, string field) => Json.Has(json, field, out JsonElement value)
        ? new HookError(Json.Text(value, "exc") ?? throw new VectorFileException($"\"{field}\" has no \"exc\"."),
            Json.Integers(value, "at"))
        : null;
}
