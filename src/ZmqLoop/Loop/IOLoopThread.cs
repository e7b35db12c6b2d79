using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>A loop on a thread of its own.</summary>
/// <remarks>All members may be used from any thread. Disposing stops the loop, waits for its thread, and closes it.</remarks>
/// <example><code>
/// await using IOLoopThread worker = IOLoopThread.Start(() => new ZMQIOLoop(), "worker");
/// int answer = await worker.Loop.InvokeAsync(() => 6 * 7); // runs there, and goes on here
/// Console.WriteLine(answer);
/// </code></example>
public sealed class IOLoopThread : IAsyncDisposable
{
    private readonly TaskCompletionSource<IOLoop> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<IOLoop> _create;

    private IOLoopThread(Func<IOLoop> create) => _create = create;

    /// <summary>The loop, which is the thread's <see cref="IOLoop.Current"/>.</summary>
    public IOLoop Loop => _made.Task.Result;

    /// <summary>Ends when the loop was stopped; fails with what left <see cref="IOLoop.Start()"/>.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Makes a loop on a new thread and starts it. Returns as soon as the loop runs, so that no other thread passes for its
    /// own.</summary>
    /// <param name="create">Makes the loop, on the new thread: <c>() => new ZMQIOLoop()</c>. What it throws leaves this call.</param>
    /// <param name="name">The thread's name.</param>
    /// <param name="isBackground">Whether the process may end without waiting for the thread.</param>
    public static IOLoopThread Start(Func<IOLoop> create, string? name = null, bool isBackground = true)
    {
        ArgumentNullException.ThrowIfNull(create);
        IOLoopThread loopThread = new(create);

        // Unsafe: nothing of whoever starts the thread belongs to the loop.
        new Thread(loopThread.Run) { Name = name ?? "ZmqLoop", IsBackground = isBackground }.UnsafeStart();
        try
        {
            loopThread._made.Task.Wait();
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
        }

        SpinWait wait = default;
        while (!loopThread.Loop.IsRunning && !loopThread.Completion.IsCompleted) wait.SpinOnce();
        return loopThread;
    }

    /// <summary>Stops the loop when its present turn is over. Twice is fine.</summary>
    /// <returns>A task that ends with the thread's work; see <see cref="Completion"/>.</returns>
    public Task StopAsync()
    {
        _stop.Cancel();
        return Completion;
    }

    /// <summary>Stops the loop, waits for it, and closes it. Twice is fine.</summary>
    /// <remarks>Streams and sockets are closed by whoever made them, on the loop, before its thread ends. Those that are not are named in a
    /// warning: the end of the engine's context waits for them.</remarks>
    /// <exception cref="InvalidOperationException">Called on the loop's own thread, which would wait for itself.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Loop.IsRunningHere) throw new InvalidOperationException(
            "The loop's own thread cannot wait for its end: call StopAsync there, and dispose elsewhere.");
        try
        {
            await StopAsync().ConfigureAwait(false);
        }
        finally
        {
            Loop.CloseWithThread();
        }
    }

    private void Run()
    {
        IOLoop loop;
        try
        {
            loop = _create() ?? throw new InvalidOperationException("The function that makes the loop returned null.");
        }
        catch (Exception exception)
        {
            _made.SetException(exception);
            _ended.SetResult();
            return;
        }

        _made.SetResult(loop);
        try
        {
            loop.Start(_stop.Token);
            _ended.SetResult();
        }
        catch (Exception exception)
        {
            _ended.SetException(exception);
        }
    }
}
