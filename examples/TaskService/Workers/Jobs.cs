using System.Text.Json;
using System.Text.Json.Serialization;

namespace TaskService.Workers;

/// <summary>What the worker is asked to do.</summary>
internal sealed record Job(string Op, double[]? Numbers = null, JsonElement? Payload = null, bool Fail = false);

/// <summary>What the worker answers: a result, or the message of what was thrown.</summary>
internal sealed record JobReply(JsonElement? Result, string? Error = null)
{
    /// <exception cref="WorkerException">The worker failed.</exception>
    public JsonElement GetResult() => Result ?? throw new WorkerException(Error ?? "no result");
}

/// <summary>The job threw, on the worker's side.</summary>
internal sealed class WorkerException(string message) : Exception(message);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Job))]
[JsonSerializable(typeof(JobReply))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(bool))]
internal sealed partial class JobJson : JsonSerializerContext;
