using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Answers the requests of a responder, each with an instance from a scope of its own.</summary>
public interface IRequestHandler
{
    /// <summary>Answers a request. Called on the loop, where each of its awaits comes back to;
    /// <see cref="ResponderOptions.MaxConcurrency"/> says how many may be under way at once.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Fires when the host stops and waits no longer (<see cref="HostedLoopOptions.FinishTime"/>), after
    /// <see cref="ResponderOptions.HandlerTimeout"/>, and when the client does not wait any more.</param>
    /// <returns>The body of the answer. What it throws becomes an error answer, as <see cref="Responder"/> says.</returns>
    Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken);
}
