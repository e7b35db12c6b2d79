using ZmqLoop.Streams;
using ZmqLoop.Tool.Formats;

namespace ZmqLoop.Tool.Running;

/// <summary>Receives messages and writes them to stdout, until there were enough or the run ends. Loop's thread.</summary>
/// <param name="session">The run.</param>
/// <param name="stream">Where they come from.</param>
/// <param name="flow">How many, and how long.</param>
/// <param name="format">As what they are written.</param>
internal sealed class Receiving(Session session, ZMQStream stream, Flow flow, MessageFormat format)
{
    private readonly TaskCompletionSource _enough = new();

    /// <param name="answer">What is done with each, once it is written; null for nothing.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Func<Message, Task>? answer = null)
    {
        if (flow.Count != 0)
        {
            stream.OnRecv(message => TakeAsync(message, answer));
            try
            {
                await _enough.Task.WaitAsync(flow.Ending);
            }
            catch (OperationCanceledException)
            {
                // A signal, a reader that has gone, or too long without a message.
            }
        }

        bool tooFew = flow.Count is { } count ? flow.Received.Messages < count : flow.Received.Messages == 0;
        return flow.IsLate && tooFew ? ExitCode.TimedOut : ExitCode.Done;
    }

    private async Task TakeAsync(Message message, Func<Message, Task>? answer)
    {
        if (flow.Received.Messages >= flow.Count || session.Output.Broken.IsCancellationRequested) return;
        flow.NoteReceived(message);
        bool isLast = flow.Received.Messages == flow.Count;
        if (isLast) stream.StopOnRecv();
        try
        {
            format.Write(message, session.Output.Buffer);
            await session.Output.FlushAsync();
            if (answer is not null) await answer(message);
        }
        catch (Exception exception)
        {
            _enough.TrySetException(exception); // and not one line in the log for each message
        }

        if (isLast) _enough.TrySetResult();
    }
}
