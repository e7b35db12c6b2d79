using System.Runtime.CompilerServices;

namespace ZmqLoop;

public partial class IOLoop
{
    /// <summary>Runs an async function on the loop until its task ends, and stops the loop again. tornado <c>run_sync(func,
    /// timeout)</c>.</summary>
    /// <param name="function">Called on the loop, in the contexts in force now. What it throws leaves this call.</param>
    /// <param name="timeout">How long to wait at most; null and <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the call earlier. It does not reach into the function, which may have a token of its
    /// own.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative; nothing was called.</exception>
    /// <exception cref="TimeoutException">The time was over; the function goes on when the loop runs again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what began goes on when the loop runs again. Or the scope in
    /// force was: the function is not called.</exception>
    /// <exception cref="InvalidOperationException">The loop is running already (nothing was posted), or somebody stopped it before the task
    /// had ended.</exception>
    /// <remarks>A stop that is pending is cleared.</remarks>
    [OverloadResolutionPriority(1)] // an async lambda may be either
    public void RunSync(Func<Task> function, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        RunUntilDone(function, timeout, cancellationToken);
    }

    /// <inheritdoc cref="RunSync(Func{Task}, TimeSpan?, CancellationToken)"/>
    /// <returns>What the task ended with.</returns>
    [OverloadResolutionPriority(1)]
    public T RunSync<T>(Func<Task<T>> function, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return ((Task<T>)RunUntilDone(function, timeout, cancellationToken)).Result; // ended, and successfully
    }

    /// <inheritdoc cref="RunSync(Func{Task}, TimeSpan?, CancellationToken)"/>
    public void RunSync(Func<ValueTask> function, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        RunUntilDone(() => function().AsTask(), timeout, cancellationToken);
    }

    /// <inheritdoc cref="RunSync{T}(Func{Task{T}}, TimeSpan?, CancellationToken)"/>
    public T RunSync<T>(Func<ValueTask<T>> function, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return ((Task<T>)RunUntilDone(() => function().AsTask(), timeout, cancellationToken)).Result;
    }

    private Task RunUntilDone(Func<Task> function, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        VerifyAccess();
        if (timeout is { } time && time != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(timeout));
        if (IsRunning) throw new InvalidOperationException("The loop is running already: await the task instead of RunSync.");
        cancellationToken.ThrowIfCancellationRequested();
        SyncRun run = new(this, function, CallbackScope.CurrentToken);
        _stopped = false;
        return run.Run(timeout, cancellationToken);
    }
}
