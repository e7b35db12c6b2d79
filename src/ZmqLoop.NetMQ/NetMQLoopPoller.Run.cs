using NetMQ;

namespace ZmqLoop;

public sealed partial class NetMQLoopPoller
{
    /// <summary>True while the loop runs. Any thread.</summary>
    public bool IsRunning => _loop.IsRunning;

    /// <summary>Runs the loop on this thread until it is stopped, or NetMQ's context is terminated.</summary>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    public void Run()
    {
        VerifyOpen();
        _stopping = false;
        if (!_loop.IsRunning) RestartTimers();
        _loop.Start();
    }

    /// <summary>As <see cref="Run()"/>, with a SynchronizationContext of yours in force in handlers, Elapsed, tasks and actions: what is
    /// awaited there goes on where that one says.
    /// What else runs on the loop keeps the loop's.</summary>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    public void Run(SynchronizationContext synchronizationContext)
    {
        ArgumentNullException.ThrowIfNull(synchronizationContext);
        VerifyOpen();
        if (IsRunning) throw new InvalidOperationException("The poller is running already.");
        _synchronizationContext = synchronizationContext;
        try
        {
            Run();
        }
        finally
        {
            _synchronizationContext = null;
        }
    }

    /// <summary>Runs the loop on a thread of its own, a background thread: it does not keep the process from ending. Returns when it
    /// runs.</summary>
    /// <exception cref="InvalidOperationException">It is running already.</exception>
    public void RunAsync() => RunAsync(nameof(NetMQLoopPoller));

    /// <summary>As <see cref="RunAsync()"/>, on a thread of this name.</summary>
    public void RunAsync(string threadName, bool isBackgroundThread = true)
    {
        VerifyOpen();
        if (IsRunning) throw new InvalidOperationException("The poller is running already.");
        TaskCompletionSource started = new();
        _loop.SpawnCallback(() => started.TrySetResult());
        Thread thread = new(RunHere) { Name = threadName, IsBackground = isBackgroundThread };
        thread.Start();
        started.Task.GetAwaiter().GetResult();

        void RunHere()
        {
            try
            {
                Run();
            }
            finally
            {
                started.TrySetResult(); // it may have ended before it began
            }
        }
    }

    /// <summary>Runs something on the loop: now where this is its thread, or nothing runs it, else soon.</summary>
    public void Run(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        VerifyOpen();
        Action raise = () => Raise(static (_, action) => action(), action, "the loop");
        if (_loop.CheckAccess()) raise(); // under no lock of ours: it is a user's
        else _loop.AddCallback(raise);
    }

    /// <summary>Stops the loop and, on other threads than its own, waits until it has. Not running, there is nothing to stop.</summary>
    public void Stop()
    {
        VerifyOpen();
        if (!RequestStop() || _loop.CheckAccess()) return;
        SpinWait.SpinUntil(() => !_loop.IsRunning);
    }

    /// <summary>Stops the loop when its present turn is over.</summary>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public void StopAsync()
    {
        VerifyOpen();
        if (!RequestStop()) throw new InvalidOperationException("The poller is not running.");
    }

    /// <summary>Removes all that was added, and leaves it open. A loop of its own is stopped and closed. Twice is fine.</summary>
    /// <exception cref="InvalidOperationException">Called on the thread of its own loop, which would wait for itself.</exception>
    /// <exception cref="NetMQException">A socket in it was disposed. All the same, the poller has let go of everything.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        if (_ownsLoop)
        {
            if (_loop.IsRunningHere) throw new InvalidOperationException(
                "The poller's own thread cannot wait for its end: call Stop there, and dispose elsewhere.");
            Stop();
        }

        _disposed = true;
        try
        {
            if (_loop.IsClosed) DisposeLeaving();
            else InLoop(RemoveAll);
        }
        finally
        {
            if (_ownsLoop) _loop.Dispose();
        }
    }

    private bool RequestStop()
    {
        if (!_loop.IsRunning) return false; // it would stop the next run
        _stopping = true;
        _loop.Stop();
        return true;
    }

    /// <summary>The loop's last turn came before theirs: one left open would make NetMQConfig.Cleanup wait for ever.</summary>
    private void DisposeLeaving()
    {
        foreach ((IDisposable leaving, NetMQSocket inside) in _leaving)
        {
            if (!_leaving.TryRemove(leaving, out _)) continue;
            Forget(inside);
            leaving.Dispose();
        }
    }

    private void RemoveAll()
    {
        DisposeLeaving();
        bool disposedOne = false;
        foreach (NetMQSocket socket in _sockets.Keys.ToArray())
        {
            disposedOne |= socket.IsDisposed;
            Forget(socket);
        }

        foreach (System.Net.Sockets.Socket socket in _plainSockets.Keys) _loop.RemoveHandler(socket);
        _plainSockets.Clear();
        ForgetTimers();
        if (disposedOne)
        {
            throw new NetMQException($"Invalid state detected: {nameof(NetMQLoopPoller)} contains a disposed {nameof(NetMQSocket)}. "
                + "Sockets must be either removed before being disposed, or disposed after the poller is disposed.");
        }
    }
}
