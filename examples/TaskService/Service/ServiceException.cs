namespace TaskService.Service;

/// <summary>A failure that the client is told about under a kind of its own. Any other exception is a <c>failure</c> or a
/// <c>late_failure</c>.</summary>
internal sealed class ServiceException(string kind, string message) : Exception(message)
{
    public string Kind { get; } = kind;
}
