using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>Handles the messages of a stream, each with an instance from a scope of its own.</summary>
public interface IMessageHandler
{
    /// <summary>Handles a message. Called on the loop, where each of its awaits comes back to;
    /// <see cref="ZMQStreamOptions.MaxConcurrency"/> says how many may be under way at once.</summary>
    /// <param name="message">The message, which is yours to keep.</param>
    /// <param name="stream">Whose it is, for the answer: <c>stream.Send(message.Reply("done"))</c>.</param>
    /// <param name="cancellationToken">Fires when the host stops and waits no longer (<see cref="HostedLoopOptions.FinishTime"/>), and
    /// after <see cref="ZMQStreamOptions.HandlerTimeout"/>.</param>
    /// <returns>The end of the work, after which the scope is disposed of. What it throws is reported to the loop.</returns>
    Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken);
}
