using NetMQ;
using ZmqLoop.Guard;

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
        _loop.TryRunHere(RestartTimersUnlessRunning, Patience);
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
    /// <exception cref="ObjectDisposedException">The poller was disposed, perhaps just now by another thread.</exception>
    public void RunAsync() => RunAsync(nameof(NetMQLoopPoller));

    /// <summary>As <see cref="RunAsync()"/>, on a thread of this name.</summary>
    public void RunAsync(string threadName, bool isBackgroundThread = true)
    {
        VerifyOpen();
        if (IsRunning) throw new InvalidOperationException("The poller is running already.");
        TaskCompletionSource started = new();
        Thread thread = new(RunHere) { Name = threadName, IsBackground = isBackgroundThread };
        _loop.SpawnCallback(TellStarted);
        thread.Start();
        started.Task.GetAwaiter().GetResult();

        void TellStarted()
        {
            if (ReferenceEquals(Thread.CurrentThread, thread)) started.TrySetResult();
            else if (!started.Task.IsCompleted) _loop.SpawnCallback(TellStarted); // another one runs it, and this one is going to throw
        }

        void RunHere()
        {
            try
            {
                Run();
                started.TrySetResult(); // it may have ended before it began
            }
            catch (Exception exception) when (started.TrySetException(exception))
            {
                // It did not begin: the caller throws it.
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

    /// <summary>Stops the loop and, on other threads than its own, waits until that run has ended. Not running, there is
    /// nothing to stop.</summary>
    public void Stop()
    {
        VerifyOpen();
        int run = _loop.RunNumber;
        if (!RequestStop() || _loop.CheckAccess()) return;
        SpinWait.SpinUntil(() => !_loop.IsRunning || _loop.RunNumber != run); // another thread may run it again at once
    }

    /// <summary>Stops the loop when its present turn is over.</summary>
    /// <exception cref="InvalidOperationException">It is not running.</exception>
    public void StopAsync()
    {
        VerifyOpen();
        if (!RequestStop()) throw new InvalidOperationException("The poller is not running.");
    }

    /// <summary>Removes all that was added, and leaves it open, so that on return everything may be disposed of. A loop of its own is
    /// stopped and closed. Twice is fine, and so are several threads at once.</summary>
    /// <remarks>
    /// <para>On a loop of its own it waits for the end of the handler in progress, as NetMQPoller does: one that waits for this thread
    /// waits for ever.</para>
    /// <para>On a shared loop it waits, where that runs on another thread, until the loop has come to it, or has ended. Where neither
    /// happens within five seconds, since a callback of the loop's takes that long, or waits for this very thread, it goes on with a
    /// warning: the sockets are let go of when the loop comes to it. One that is disposed of before that is dropped, and logged.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">Called on the thread of its own loop, which would wait for itself.</exception>
    /// <exception cref="NetMQException">A socket in it was disposed. All the same, the poller has let go of everything.</exception>
    public void Dispose()
    {
        if (_hasLetGo) return;
        if (_ownsLoop && _loop.IsRunningHere)
        {
            if (_disposed) return; // by a thread that waits for this one to end
            throw new InvalidOperationException(
                "The poller's own thread cannot wait for its end: call Stop there, and dispose elsewhere.");
        }

        _disposed = true;
        try
        {
            if (_ownsLoop) StopAndWait();
            if (_loop.RunOnLoopAndWait(RemoveAll, Patience)) return;
            IOThreadGuard.Warn(
                $"A {nameof(NetMQLoopPoller)} was disposed of, and has its sockets yet: {_loop} has been at one callback for "
                + $"{Patience.TotalSeconds:0.#} s. They are let go of when that has ended: dispose of none before", _loop.Logger);
        }
        finally
        {
            if (_ownsLoop) CloseLoop();
        }
    }

    private bool RequestStop()
    {
        if (!_loop.IsRunning) return false; // it would stop the next run
        _stopping = true;
        _loop.Stop();
        return true;
    }

    private void StopAndWait()
    {
        while (RequestStop()) SpinWait.SpinUntil(() => !_loop.IsRunning);
    }

    /// <summary>A thread that was about to run it when it was disposed may do so yet.</summary>
    private void CloseLoop()
    {
        while (!_loop.IsClosed)
        {
            try
            {
                StopAndWait();
                _loop.Dispose();
            }
            catch (InvalidOperationException) when (!_loop.IsClosed)
            {
                // It runs again.
            }
        }
    }

    private void RemoveAll()
    {
        bool disposedOne = false;
        try
        {
            foreach ((IDisposable leaving, NetMQSocket inside) in _leaving)
            {
                // The loop's last turn came before theirs: one left open would make NetMQConfig.Cleanup wait for ever.
                if (_leaving.TryRemove(leaving, out _)) LetGo(leaving, inside);
            }

            foreach (NetMQSocket socket in _sockets.Keys.ToArray())
            {
                disposedOne |= socket.IsDisposed;
                Forget(socket);
            }

            foreach (System.Net.Sockets.Socket socket in _plainSockets.Keys)
            {
                if (!_loop.IsClosed) _loop.RemoveHandler(socket);
            }

            _plainSockets.Clear();
            ForgetTimers();
        }
        finally
        {
            _hasLetGo = true;
        }

        if (!disposedOne || _loop.IsClosed) return;
        throw new NetMQException($"Invalid state detected: {nameof(NetMQLoopPoller)} contains a disposed {nameof(NetMQSocket)}. "
            + "Sockets must be either removed before being disposed, or disposed after the poller is disposed.");
    }

    private void LetGo(IDisposable leaving, NetMQSocket inside)
    {
        Forget(inside);
        if (leaving is not ISocketPollable { IsDisposed: true }) leaving.Dispose(); // elsewhere, since: all that was wanted
    }
}
