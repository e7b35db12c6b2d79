using System.Diagnostics.CodeAnalysis;
using ZmqLoop.Polling;

namespace ZmqLoop;

// Whose the loop is while it runs, and what other threads have done on it.
public partial class IOLoop
{
    /// <summary>True on the thread that runs the loop, and on any thread while nothing runs it.</summary>
    public bool CheckAccess() => _thread is not { } thread || ReferenceEquals(thread, Thread.CurrentThread);

    Thread? ILoopThread.Thread => _thread;

    private void VerifyAccess()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        VerifyThread();
    }

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal void VerifyThread(object? what = null)
    {
        if (!CheckAccess()) ThrowWrongThread(what);
    }

    [DoesNotReturn]
    private void ThrowWrongThread(object? what) => throw ThreadAffinity.WrongThread(this, what);

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal void RunOnLoop(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (IsRunningHere)
        {
            action();
            return;
        }

        if ((IsRunning && TryPostDeferred(action)) || !_idle.TryEnter(action)) return;
        try
        {
            if (!IsRunning || !TryPostDeferred(action)) action();
        }
        finally
        {
            _idle.Exit(FinishDeferred);
        }
    }

    /// <summary>As <see cref="RunOnLoop"/>, but nothing on a closed loop.</summary>
    internal void OnThread(Action action) => RunOnLoop(() =>
    {
        if (!_closed) action();
    });

    /// <summary>Does it on this thread, where that is the loop's, or nothing runs the loop: after whoever starts it, closes it, or does
    /// such a thing right now.</summary>
    /// <param name="action">What it throws is thrown here.</param>
    /// <param name="limit">How long to wait for that other thread, which may be in a user's code, waiting for this one.</param>
    /// <returns>False where the loop runs on another thread, or that time was not enough: it was not done.</returns>
    internal bool TryRunHere(Action action, TimeSpan limit)
    {
        if (IsRunningHere)
        {
            action();
            return true;
        }

        if (IsRunning || !_idle.TryEnter(limit)) return false;
        try
        {
            if (IsRunning) return false;
            action();
            return true;
        }
        finally
        {
            _idle.Exit(FinishDeferred);
        }
    }

    /// <summary>As <see cref="RunOnLoop"/>, and waits until it is done, also where the loop ends meanwhile.</summary>
    /// <param name="action">What it throws is thrown here.</param>
    /// <param name="limit">How long to wait: the callback that the loop is at may be waiting for this thread.</param>
    /// <returns>False where that was not enough: it is still done, when the loop comes to it.</returns>
    internal bool RunOnLoopAndWait(Action action, TimeSpan limit)
    {
        Countdown countdown = new(limit);
        AwaitedAction awaited = new(action);
        bool isPosted = false;
        while (!TryRunHere(awaited.Run, TimeSpan.FromMilliseconds(countdown.Milliseconds)) && !countdown.IsOver)
        {
            TaskCompletionSource stopped = WhenStopped();
            if (!IsRunning) continue;
            isPosted = isPosted || TryPostDeferred(awaited.Run);
            Task.WaitAny([awaited.Done, stopped.Task], countdown.Milliseconds);
            if (awaited.Done.IsCompleted) break;
        }

        if (!awaited.Done.IsCompleted)
        {
            if (!isPosted) RunOnLoop(awaited.Run);
            return false;
        }

        awaited.Done.GetAwaiter().GetResult();
        return true;
    }

    private TaskCompletionSource WhenStopped() => LazyInitializer.EnsureInitialized(ref _whenStopped,
        static () => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>For whoever lets go of the lock: does what others have deferred, unless the loop runs.</summary>
    private void FinishDeferred(Action action)
    {
        if (IsRunning) PostDeferred(action);
        else RunDeferred(action);
    }

    private void PostDeferred(Action action)
    {
        if (!TryPostDeferred(action)) RunDeferred(action);
    }

    private bool TryPostDeferred(Action action) => Enqueue(new WorkItem(new DeferredAction(this, action), default));

    /// <summary>Runs an action that another thread deferred. Its exception is reported: the one that asked for it does not wait.</summary>
    private void RunDeferred(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            ReportException(exception, new CallbackOrigin(CallbackKind.Callback, action, this));
        }
    }

    /// <summary>An action in the queue that runs also where the loop is closed before its turn.</summary>
    private sealed class DeferredAction(IOLoop loop, Action action) : BoundCallback
    {
        public override object Callback => action;

        public override void Invoke() => action();

        // Close, which drops the queue, holds the lock, and runs this before it lets go.
        public override void Drop() => loop._idle.Defer(action);
    }

    /// <summary>An action that is done once, wherever that is first, and that somebody waits for.</summary>
    private sealed class AwaitedAction(Action action)
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _begun;

        public Task Done => _done.Task;

        public void Run()
        {
            if (Interlocked.Exchange(ref _begun, true)) return;
            try
            {
                action();
                _done.SetResult();
            }
            catch (Exception exception)
            {
                _done.SetException(exception);
            }
        }
    }
}
