using ZmqLoop;

namespace TaskService.Demo;

/// <summary>A request of the <see cref="FallbackClient"/>, and the reply it must get.</summary>
/// <param name="Key">Which request it is.</param>
/// <param name="Body">The frames after the envelope.</param>
/// <param name="Kind">The error's kind; null for none.</param>
/// <param name="Result">The result's JSON.</param>
internal sealed record FallbackCase(string Key, Frame[] Body, string? Kind, string Result = "")
{
    private static readonly string[] _where = ["timer", "pool", "worker", "reply"];

    public static FallbackCase Make(int index, long id) => (index % 100, index % 500) switch
    {
        (0, _) => new($"{id}", ["{\"id\""], "malformed"),
        (3, _) => new($"{id}", [Frame.Empty], "empty_frame"),
        (6, _) => new($"{id}", ["{}", "one too many"], "extra_frames"),
        (9, _) => new($"{id}", ["{\"op\":\"sum\"}"], "bad_request"),
        (12, _) => Ask(id, "\"op\":\"make_coffee\"", "unknown_op"),
        (15 or 18 or 21 or 24, _) => Ask(id, $"\"op\":\"fail_late\",\"where\":\"{_where[index % 100 / 3 - 5]}\"", "late_failure"),
        (27, _) => Ask(id, "\"op\":\"fail_now\"", "failure"),
        (_, 30) => new($"{id}", [Frame.Own(new byte[16 * 1024 * 1024])], "too_large"),
        (_, 33) => Ask(id, "\"op\":\"slow\",\"milliseconds\":60000", "timeout"),
        _ => index % 2 == 0 ? Echo(id) : Ask(id, $"\"op\":\"sum\",\"args\":[{id},1]", null, $"{id + 1}"),
    };

    public static FallbackCase Echo(long id) => Ask(id, $"\"op\":\"echo\",\"payload\":[{id}]", null, $"[{id}]");

    public static FallbackCase Slow(long id) => Ask(id, $"\"op\":\"slow\",\"milliseconds\":500,\"payload\":[{id}]", null, $"[{id}]");

    private static FallbackCase Ask(long id, string fields, string? kind, string result = "") =>
        new($"{id}", [$"{{\"id\":{id},{fields}}}"], kind, result);
}
