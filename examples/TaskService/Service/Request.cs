using System.Text.Json;
using ZmqLoop;

namespace TaskService.Service;

/// <summary>How far a request has come.</summary>
internal enum Stage
{
    Accepted,
    Timer,
    Pool,
    Worker,
}

/// <summary>One request, from its arrival to its reply.</summary>
/// <param name="envelope">The frames that lead back to the client.</param>
/// <param name="number">The service's own count, since a client's id may be missing.</param>
internal sealed class Request(Message envelope, long number)
{
    public Message Envelope { get; } = envelope;

    /// <summary>The client's id, a number or a string, once it has been read.</summary>
    public JsonElement? Id { get; set; }

    public Stage Stage { get; set; }

    /// <summary>True once the reply was sent: there is exactly one.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The timer that ends the request with <c>timeout</c>.</summary>
    public TimeoutHandle Deadline { get; set; }

    /// <summary>For log scopes.</summary>
    public override string ToString() => Id is { } id ? $"request {number}, id {id}" : $"request {number}";
}
