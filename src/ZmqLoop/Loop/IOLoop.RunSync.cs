using System.Runtime.ExceptionServices;

namespace ZmqLoop;

public partial class IOLoop
{
    /// <summary>Runs an async function on the loop until its task ends, and stops the loop again. tornado <c>run_sync(func, timeout)</c>.</summary>
    /// <param name="function">Called on the loop, in the contexts in force now. What it throws leaves this call.</param>
    /// <param name="timeout">How long to wait at most; null and <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Ends the call earlier. It does not reach into the function, which may have a token of its own.</param>
    /// <exception cref="TimeoutException">The time was over; the function goes on when the loop runs again.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; what began goes on when the loop runs again. Or the scope in force was: the function is not called.</exception>
    /// <exception cref="InvalidOperationException">The loop is running already (nothing was posted), or somebody stopped it before the task had ended.</exception>
    /// <remarks>A stop that is pending is cleared.</remarks>
    public void RunSync(Func<Task> function, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        RunUntilDone(function, timeout, cancellationToken);
    }

    /// <inheritdoc cref="RunSync(Func{Task}, TimeSpan?, CancellationToken)"/>
    /// <returns>What the task ended with.</returns>
    public T RunSync<T>(Func<Task<T>> function, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(function);
        return ((Task<T>)RunUntilDone(function, timeout, cancellationToken)).Result; // ended, and successfully
    }

    private Task RunUntilDone(Func<Task> function, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        VerifyAccess();
        if (IsRunning) throw new InvalidOperationException("The loop is running already: await the task instead of RunSync.");
        cancellationToken.ThrowIfCancellationRequested();
        CancellationToken scope = CallbackScope.CurrentToken;
        if (scope.IsCancellationRequested) throw NotBegun(scope);
        _stopped = false;

        Task? task = null;
        bool begun = false;
        ExceptionDispatchInfo? thrown = null;
        bool returned = false;
        WorkItem stop = new((Action)(() =>
        {
            if (!returned) Stop(); // a function that goes on after a timeout must not stop a later run when it ends
        }), default);
        AddCallback(() =>
        {
            if (returned) return; // an exception that left Start came before the function's turn
            begun = true;
            try
            {
                task = function() ?? throw new InvalidOperationException("The function given to RunSync returned null instead of a task.");
                WhenDone(task, stop);
            }
            catch (Exception exception)
            {
                thrown = ExceptionDispatchInfo.Capture(exception);
                Enqueue(stop);
            }
        });
        using CancellationTokenRegistration scopeEnd = scope.UnsafeRegister(_ => Enqueue(new WorkItem(() =>
        {
            if (!begun && !returned) Stop(); // and it never will
        }, default)), null);

        bool timedOut = false;
        TimeoutHandle limit = default;
        if (timeout is { } time && time != Timeout.InfiniteTimeSpan)
        {
            limit = AddTimer(_clock.After(time), new WorkItem(() =>
            {
                timedOut = true;
                Stop();
            }, default));
        }

        try
        {
            Start(cancellationToken);
        }
        finally
        {
            returned = true;
            if (!limit.IsNone && !_closed) RemoveTimeout(limit);
        }

        thrown?.Throw();
        if (task is { IsCompleted: true })
        {
            task.GetAwaiter().GetResult();
            return task;
        }

        if (!timedOut) cancellationToken.ThrowIfCancellationRequested();
        if (!begun && scope.IsCancellationRequested) throw NotBegun(scope);
        throw timedOut
            ? new TimeoutException($"The function given to RunSync did not end within {timeout}.")
            : new InvalidOperationException("The loop was stopped before the task given to RunSync had ended.");
    }

    private static OperationCanceledException NotBegun(CancellationToken scope) => new("The scope that the function would belong to was cancelled.", scope);
}
