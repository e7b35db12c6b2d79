using System.Text.Json;
using System.Text.Json.Serialization;

namespace TaskService.Service;

/// <summary>A request's body, but for the id: <c>{"id":1,"op":"sum","args":[1,2,3]}</c>.</summary>
internal sealed record TaskRequest
{
    /// <summary><c>echo</c>, <c>sum</c>, <c>slow</c>, <c>fail_now</c> or <c>fail_late</c>.</summary>
    public string? Op { get; init; }

    /// <summary>The numbers of <c>sum</c>.</summary>
    public double[]? Args { get; init; }

    /// <summary>What <c>echo</c> and <c>slow</c> send back.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>How long <c>slow</c> takes.</summary>
    public int Milliseconds { get; init; }

    /// <summary>Where <c>fail_late</c> fails.</summary>
    public string? Where { get; init; }
}

/// <summary>A reply's body. The id is null where the request had none that could be read.</summary>
internal sealed record TaskReply(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Id, bool Ok, JsonElement? Result = null,
    TaskError? Error = null);

internal sealed record TaskError(string Kind, string Message);

/// <summary>What is published: topic and one of these.</summary>
internal sealed record ProgressReport(long Done, long Failed, int InFlight, string? Kind = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskRequest))]
[JsonSerializable(typeof(TaskReply))]
[JsonSerializable(typeof(ProgressReport))]
internal sealed partial class ServiceJson : JsonSerializerContext;
