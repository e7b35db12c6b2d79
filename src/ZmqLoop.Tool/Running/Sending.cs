using ZmqLoop.Streams;
using ZmqLoop.Tool.Terminal;

namespace ZmqLoop.Tool.Running;

/// <summary>Sends messages, and sees to it that they have gone. Loop's thread.</summary>
/// <param name="session">The run.</param>
/// <param name="stream">Where they go.</param>
/// <param name="flow">How long.</param>
internal sealed class Sending(Session session, ZMQStream stream, Flow flow)
{
    private readonly TaskCompletionSource _done = new();
    private long _accepted;
    private long _finished;
    private bool _isAll;
    private Exception? _error;

    /// <param name="messages">What to send.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(IAsyncEnumerable<Message> messages)
    {
        stream.OnSend(Note);
        try
        {
            await foreach (Message message in messages.WithCancellation(flow.Ending))
            {
                while (!stream.TrySend(message))
                {
                    if (!await stream.WaitToSendAsync(flow.Ending)) break;
                }

                _accepted++;
            }

            await FinishAsync();
        }
        catch (OperationCanceledException)
        {
            // A signal, or too long without one that went: what waits is told of below.
        }
        catch (ToolException)
        {
            await FinishAsync(); // what stood before the line that is none
            throw;
        }

        return Result();
    }

    private async Task FinishAsync()
    {
        _isAll = true;
        if (_finished < _accepted) await _done.Task.WaitAsync(flow.Ending);
    }

    private int Result()
    {
        long left = _accepted - _finished;
        if (_error is not null)
        {
            string unsent = Units.Count(_accepted - flow.Sent.Messages);
            ErrorLine.Write($"{unsent} of {Units.Count(_accepted)} messages were not sent: {_error.Message}");
            return ExitCode.Failed;
        }

        if (left == 0 || !flow.IsLate) return ExitCode.Done; // after a signal, closing sends what it can
        session.Warn($"{Units.Count(left)} of {Units.Count(_accepted)} messages were not sent: nobody took them within "
            + $"{Units.Seconds(flow.Timeout!.Value.TotalSeconds)}");
        return ExitCode.TimedOut;
    }

    private void Note(Message message, Exception? error)
    {
        _finished++;
        if (error is null) flow.NoteSent(message);
        else _error ??= error;
        if (_isAll && _finished == _accepted) _done.TrySetResult();
    }
}
