using System.ComponentModel;

namespace ZmqLoop;

public sealed partial class NetMQLoopPoller
{
    /// <summary>1: the loop's thread.</summary>
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>True where a task of this scheduler would run at once: on the thread that runs the loop. Any thread.</summary>
    public bool CanExecuteTaskInline => _loop.IsRunningHere;

    bool ISynchronizeInvoke.InvokeRequired => !CanExecuteTaskInline;

    /// <summary>Runs a task on the loop, in the contexts in which it was started: <c>task.Start(poller)</c>, <c>task.ContinueWith(…,
    /// poller)</c>. Any thread.</summary>
    /// <remarks>As with <see cref="IOLoop.TaskScheduler"/>, a task that is queued when the loop is closed never ends.</remarks>
    /// <exception cref="ObjectDisposedException">The poller was disposed.</exception>
    protected override void QueueTask(Task task)
    {
        VerifyOpen();
        if (_loop.AddCallback(RunTask, task)) return;
        ObjectDisposedException.ThrowIf(_loop.IsClosed, _loop);
        throw new OperationCanceledException("The scope that the task would belong to was cancelled.", CallbackScope.CurrentToken);
    }

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        CanExecuteTaskInline && !_disposed && TryExecuteTask(task);

    /// <summary>None: it is for debuggers, which stop the loop anyway.</summary>
    protected override IEnumerable<Task> GetScheduledTasks() => [];

    IAsyncResult ISynchronizeInvoke.BeginInvoke(Delegate method, object?[]? args) => BeginInvoke(method, args);

    object? ISynchronizeInvoke.EndInvoke(IAsyncResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result is Task<object?> task
            ? task.GetAwaiter().GetResult()
            : throw new ArgumentException("It was not returned by BeginInvoke.", nameof(result));
    }

    object? ISynchronizeInvoke.Invoke(Delegate method, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(method);
        return CanExecuteTaskInline ? method.DynamicInvoke(args) : BeginInvoke(method, args).GetAwaiter().GetResult();
    }

    private Task<object?> BeginInvoke(Delegate method, object?[]? args)
    {
        ArgumentNullException.ThrowIfNull(method);
        Task<object?> task = new(() => method.DynamicInvoke(args));
        task.Start(this);
        return task;
    }

    private void RunTask(Task task) => Raise(static (self, task) => self.TryExecuteTask(task), task, "a task");
}
