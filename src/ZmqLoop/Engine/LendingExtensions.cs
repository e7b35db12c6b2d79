namespace ZmqLoop;

/// <summary>Sending without a copy.</summary>
public static class LendingExtensions
{
    /// <summary>Adds a frame that is the caller's memory itself, to be sent without a copy. pyzmq's <c>copy=False,
    /// track=True</c>.</summary>
    /// <param name="message">The message that gets the frame.</param>
    /// <param name="bytes">Nobody may change it until the task has ended.</param>
    /// <param name="engine">The engine that is going to send it.</param>
    /// <returns>The tracker: ends when neither the engine nor any message needs the memory, whether it was sent or not. The message does
    /// until it is cleared or disposed of.</returns>
    /// <remarks>An engine that cannot, or would rather copy what is short, copies it now; the task has ended then.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="message"/> or <paramref name="engine"/> is null.</exception>
    public static Task Lend(this Message message, ReadOnlyMemory<byte> bytes, ZMQEngine engine)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(engine);
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (engine.Lend(bytes, released.SetResult) is { } buffer)
        {
            message.AppendLent(buffer, bytes.Length);
            return released.Task;
        }

        message.Append(Frame.Copy(bytes.Span));
        return Task.CompletedTask;
    }
}
