using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>One call of <see cref="IOLoop.RunSync(Func{Task}, TimeSpan?, CancellationToken)"/>: starts the loop until a function's task has
/// ended.</summary>
internal sealed class SyncRun
{
    private readonly IOLoop _loop;
    private readonly Func<Task> _function;
    private readonly CancellationToken _scope;
    private readonly WorkItem _stop;
    private Task? _task;
    private ExceptionDispatchInfo? _thrown;
    private bool _begun;
    private bool _timedOut;
    private bool _returned;

    /// <param name="loop">Not running.</param>
    /// <param name="function">Called on the loop.</param>
    /// <param name="scope">Of the scope in force: where it is cancelled first, the function is not called.</param>
    public SyncRun(IOLoop loop, Func<Task> function, CancellationToken scope)
    {
        _loop = loop;
        _function = function;
        _scope = scope;
        _stop = new WorkItem((Action)Stop, default);
        if (scope.IsCancellationRequested) throw NotBegun();
    }

    /// <summary>Runs the loop.</summary>
    /// <returns>The function's task, which has ended well.</returns>
    public Task Run(TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _loop.AddCallback(Begin);
        using CancellationTokenRegistration scopeEnd = _scope.UnsafeRegister(static run => ((SyncRun)run!).ScopeCancelled(), this);
        TimeoutHandle limit = timeout is { } time && time != Timeout.InfiniteTimeSpan
            ? _loop.AddTimer(_loop.After(time), new WorkItem((Action)TimeOut, default))
            : default;
        try
        {
            _loop.Start(cancellationToken);
        }
        finally
        {
            _returned = true;
            if (!limit.IsNone && !_loop.IsClosed) _loop.RemoveTimeout(limit);
        }

        _thrown?.Throw();
        if (_task is { IsCompleted: true })
        {
            _task.GetAwaiter().GetResult();
            return _task;
        }

        if (!_timedOut) cancellationToken.ThrowIfCancellationRequested();
        if (!_begun && _scope.IsCancellationRequested) throw NotBegun();
        throw _timedOut
            ? new TimeoutException($"The function given to RunSync did not end within {timeout}.")
            : new InvalidOperationException("The loop was stopped before the task given to RunSync had ended.");
    }

    private void Begin()
    {
        if (_returned) return; // an exception left Start before this was called: RunSync has thrown it
        _begun = true;
        try
        {
            _task = _function() ?? throw new InvalidOperationException("The function given to RunSync returned null instead of a task.");
            _loop.WhenDone(_task, _stop);
        }
        catch (Exception exception)
        {
            _thrown = ExceptionDispatchInfo.Capture(exception);
            _loop.Enqueue(_stop);
        }
    }

    // A function that goes on after a timeout must not stop a later run when it ends.
    private void Stop()
    {
        if (!_returned) _loop.Stop();
    }

    private void TimeOut()
    {
        _timedOut = true;
        _loop.Stop();
    }

    // Any thread. A function that has not begun is not called: a cancelled scope runs nothing new.
    private void ScopeCancelled() => _loop.Enqueue(new WorkItem(() =>
    {
        if (!_begun) Stop();
    }, default));

    private OperationCanceledException NotBegun() => new("The scope that the function would belong to was cancelled.", _scope);
}
