using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZmqLoop.Tests.Contexts.Model;

/// <summary>Writes random programs of contexts. Each seed gives one program, always the same.</summary>
/// <remarks>Every step that calls or schedules has a limit (<c>at</c>), so that no program runs for ever.</remarks>
internal sealed class ProgramGenerator(int seed)
{
    private static readonly string[] _managers = ["A", "B", "C", "D"];
    private static readonly string[] _handlers = ["X", "Y", "Z"];
    private static readonly string[] _variables = ["u", "v", "w"];
    private static readonly string[] _exceptions = ["E1", "E2", "E3"];
    private readonly Random _random = new(seed);
    private readonly List<string> _made = [];
    private readonly List<string> _byHand = [];
    private readonly List<string> _reused = [];
    private int _budget;
    private int _names;
    private double _hooks;
    private double _misuse;
    private double _threads;

    public JsonElement Generate()
    {
        _budget = 15 + _random.Next(60);
        _hooks = Rarely(0.5);
        _misuse = Rarely(0.3);
        _threads = Rarely(0.1);
        JsonArray main = [];
        if (Chance(0.3)) AddReused(main);
        if (_misuse > 0 && Chance(0.5)) AddOpen(main);
        while (_budget > 0) main.Add(Step(0));
        var program = new JsonObject { ["name"] = $"seed {seed}", ["main"] = main, ["trace"] = new JsonArray() };
        return JsonSerializer.SerializeToElement(program);
    }

    /// <summary>Half of the programs have none of it, so that the other things get their turn.</summary>
    private double Rarely(double share) => Chance(0.5) ? 0 : share;

    /// <summary>Two contexts that surely exist when they are used once more.</summary>
    private void AddReused(JsonArray main)
    {
        main.Add(new JsonObject { ["op"] = "with", ["kind"] = "sc", ["name"] = "P", ["body"] = Steps(8) });
        main.Add(new JsonObject { ["op"] = "with", ["kind"] = "esc", ["name"] = "Q", ["body"] = Steps(8) });
        _reused.AddRange(["P", "Q"]);
    }

    /// <summary>Some contexts entered by hand, which the rest of the program may leave anywhere.</summary>
    private void AddOpen(JsonArray main)
    {
        for (int count = 2 + _random.Next(3); count > 0; count--) main.Add(EnterStep(8));
    }

    private JsonArray Steps(int depth)
    {
        JsonArray steps = [];
        for (int count = _random.Next(depth > 8 ? 2 : 5); count > 0 && _budget > 0; count--) steps.Add(Step(depth + 1));
        return steps;
    }

    private JsonObject Step(int depth)
    {
        _budget--;
        if (Chance(_misuse)) return Chance(0.4) ? EnterStep(depth) : LeaveStep();
        if (Chance(_threads)) return new JsonObject { ["op"] = "thread", ["id"] = Name("t"), ["body"] = Steps(depth) };
        return _random.Next(15) switch
        {
            0 or 1 or 2 => Context(new JsonObject { ["op"] = "with", ["body"] = null }, depth),
            3 => new JsonObject { ["op"] = "deactivate", ["ctx"] = Pick(_made, "A") },
            4 => new JsonObject { ["op"] = "run_with", ["ctx"] = Context([], depth), ["fn"] = Function(depth) },
            5 or 6 => new JsonObject { ["op"] = Chance(0.8) ? "wrap" : "def", ["var"] = Pick(_variables), ["fn"] = Function(depth) },
            7 => new JsonObject { ["op"] = "rewrap", ["var"] = Pick(_variables), ["of"] = Pick(_variables) },
            8 or 9 => Limited(new JsonObject { ["op"] = "call", ["var"] = Pick(_variables) }),
            10 => new JsonObject { ["op"] = "raise", ["exc"] = Pick(_exceptions), ["at"] = At() },
            11 => new JsonObject { ["op"] = "try", ["body"] = Steps(depth) },
            12 => new JsonObject { ["op"] = "log", ["id"] = Name("l") },
            _ => Schedule(depth),
        };
    }

    private JsonObject EnterStep(int depth)
    {
        JsonObject step = Context(new JsonObject { ["op"] = "enter" }, depth);
        if (step["name"] is null && step["use"] is null) step["name"] = "N";
        _byHand.Add((string)(step["name"] ?? step["use"])!);
        return step;
    }

    /// <summary>Mostly the error of leaving out of step is caught, so that the program goes on with what is left.</summary>
    private JsonObject LeaveStep()
    {
        JsonArray leaves = [];
        for (int count = 1 + _random.Next(3); count > 0; count--)
        {
            var leave = new JsonObject { ["op"] = "leave", ["ctx"] = Pick(_byHand, "none") };
            leaves.Add(Chance(0.8) ? new JsonObject { ["op"] = "try", ["body"] = new JsonArray(leave) } : leave);
        }

        return new JsonObject { ["op"] = "try", ["body"] = leaves };
    }

    private JsonObject Schedule(int depth)
    {
        JsonObject step = Limited(new JsonObject { ["op"] = Pick(["add_callback", "spawn_callback", "call_later"]) });
        if ((string)step["op"]! == "call_later") step["delay"] = _random.Next(3);
        if (Chance(0.7)) step["fn"] = Function(depth);
        else step["var"] = Pick(_variables);
        return step;
    }

    private JsonObject Function(int depth)
    {
        var function = new JsonObject { ["name"] = Name("f"), ["body"] = Steps(depth) };
        if (Chance(0.3)) function["ret"] = Name("r");
        return function;
    }

    private JsonObject Context(JsonObject json, int depth)
    {
        int kind = _random.Next(20);
        if (kind < 2 && _reused.Count > 0) json["use"] = Pick(_reused);
        else if (kind < 3) json["kind"] = "null";
        else if (kind < 12) Manager(json, depth);
        else Handler(json, depth);
        if (json.ContainsKey("body")) json["body"] = Steps(depth); // after the name is known, so that the body can speak of it
        return json;
    }

    private void Manager(JsonObject json, int depth)
    {
        string name = Pick(_managers);
        json["kind"] = "sc";
        json["name"] = name;
        if (Chance(_hooks)) json["enterDo"] = Steps(depth + 4);
        if (Chance(_hooks)) json["exitDo"] = Steps(depth + 4);
        if (Chance(_hooks / 4)) json[Pick(["enterRaise", "factoryRaise"])] = HookError();
        if (Chance(_hooks / 4)) json["exitRaise"] = HookError();
        if (Chance(0.2)) json["suppress"] = true;
        _made.Add(name); // known only now: a hook that used its own context would enter it for ever
    }

    private void Handler(JsonObject json, int depth)
    {
        string name = Pick(_handlers);
        json["kind"] = "esc";
        json["name"] = name;
        if (Chance(_hooks)) json["do"] = Steps(depth + 4);
        if (Chance(0.1)) json["raise"] = Pick(_exceptions);
        else if (Chance(0.6)) json["catch"] = new JsonArray(Chance(0.3) ? "*" : Pick(_exceptions));
        _made.Add(name);
    }

    private JsonObject HookError() =>
        new() { ["exc"] = Pick(_exceptions), ["at"] = new JsonArray(1 + _random.Next(3), 2 + _random.Next(3)) };

    private JsonObject Limited(JsonObject step)
    {
        step["at"] = At();
        return step;
    }

    private JsonArray At()
    {
        JsonArray at = [];
        for (int i = 1 + _random.Next(3); i > 0; i--) at.Add(1 + _random.Next(4));
        return at;
    }

    private string Name(string prefix) => $"{prefix}{++_names}";

    private bool Chance(double share) => _random.NextDouble() < share;

    private string Pick(IReadOnlyList<string> from, string otherwise = "") => from.Count == 0 ? otherwise : from[_random.Next(from.Count)];
}
