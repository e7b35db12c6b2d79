using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace ZmqLoop;

/// <summary>
/// A context that follows a piece of work: it is in force around every callback that is scheduled inside it, and inside those, and so on.
/// <see cref="StackContext"/> enters something around each, <see cref="ExceptionStackContext"/> handles what they throw.
/// </summary>
/// <remarks>
/// <para>A context object may be used for several blocks, on several threads at once: each entry is of its own.</para>
/// <para>C#'s <c>using</c> cannot see the exception that leaves its block, so contexts run a body.</para>
/// </remarks>
public abstract class CallbackContext
{
    private static int _deactivations;

    private volatile bool _deactivated;
    private ConcurrentStack<ContextBlock>? _byHand; // one object may be entered on several threads

    private protected CallbackContext()
    {
    }

    /// <summary>A name for logs and <see cref="StackContext.Active"/>; optional.</summary>
    public string? Name { get; init; }

    /// <summary>False once <see cref="Deactivate"/> was called.</summary>
    public bool IsActive => !_deactivated;

    /// <summary>
    /// Takes the context out of the callbacks to come, also of those that are queued already. What is running now is not affected.
    /// Any thread; twice is fine. tornado 4.5: the callback that <c>with StackContext(...) as deactivate</c> gives.
    /// </summary>
    public void Deactivate()
    {
        _deactivated = true;
        Interlocked.Increment(ref _deactivations);
    }

    /// <summary>Runs a body inside this context. What the body schedules, it schedules inside.</summary>
    /// <exception cref="StackContextInconsistentException">The body entered a context by hand and did not leave it.</exception>
    public void Run(Action body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ContextBlock block = ContextBlock.Enter(this);
        Exception? error = null;
        try
        {
            body();
        }
        catch (Exception exception)
        {
            error = exception;
        }

        Leave(block, error);
    }

    /// <summary>Runs a body inside this context and hands it <see cref="Deactivate"/>, as <c>with … as deactivate</c> does.</summary>
    public void Run(Action<Action> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Run(() => body(Deactivate));
    }

    /// <summary>Runs a function inside this context.</summary>
    /// <returns>What the function returned; the default where its exception was consumed.</returns>
    public T? Run<T>(Func<T> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        ContextBlock block = ContextBlock.Enter(this);
        T? result = default;
        Exception? error = null;
        try
        {
            result = body();
        }
        catch (Exception exception)
        {
            error = exception;
        }

        Leave(block, error);
        return result;
    }

    /// <summary>
    /// Runs an async function inside this context: on a loop's thread it is in force again after each of the function's awaits.
    /// An <see cref="ExceptionStackContext"/> also sees the exception that the function ends with; to a <see cref="CallbackScope"/> the
    /// function is pending until it ends.
    /// </summary>
    /// <returns>A task that ends with the function; successfully, and with the default, where an <see cref="ExceptionStackContext"/>
    /// consumed the exception; cancelled, where a <see cref="CallbackScope"/> was. <c>run_with_stack_context</c> (tornado 4.5).</returns>
    public Task Run(Func<Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        IScope? around = ContextThread.CurrentScope;
        Task? task;
        try
        {
            task = Run<Task>(() => Follow(body()));
        }
        catch (ScopeCanceledException cancelled)
        {
            task = cancelled.AsTask<bool>(); // however early it was, an async body ends with a task
        }

        if (task is null) return Task.CompletedTask;
        return IsEntered ? task : ObserveAsync(task, around); // nothing is judged of what it ends with
    }

    /// <inheritdoc cref="Run(Func{Task})"/>
    public Task<T?> Run<T>(Func<Task<T>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        IScope? around = ContextThread.CurrentScope;
        Task<T>? task;
        try
        {
            task = Run<Task<T>>(() => Follow(body()));
        }
        catch (ScopeCanceledException cancelled)
        {
            task = cancelled.AsTask<T>();
        }

        if (task is null) return Task.FromResult<T?>(default);
        return IsEntered ? (Task<T?>)(Task)task : ObserveAsync(task, around);
    }

    /// <summary>Enters by hand: for ports of Python code. Prefer <see cref="Run(Action)"/>, which cannot get out of step.</summary>
    public void Enter()
    {
        ContextBlock block = ContextBlock.Enter(this);
        LazyInitializer.EnsureInitialized(ref _byHand).Push(block);
    }

    /// <summary>Leaves what <see cref="Enter"/> entered last.</summary>
    /// <param name="error">The exception in flight, or null.</param>
    /// <returns>True if the context consumed the exception.</returns>
    /// <exception cref="StackContextInconsistentException">The context is not entered (nothing has changed), or another one is in
    /// force.</exception>
    public bool Leave(Exception? error = null)
    {
        if (_byHand is null || !_byHand.TryPop(out ContextBlock block))
            throw new StackContextInconsistentException($"{this} is not entered by hand, so it cannot be left.");
        return block.Leave(error);
    }

    /// <summary>The kind of context and its name.</summary>
    public override string ToString() => Name is null ? GetType().Name : $"{GetType().Name} {Name}";

    /// <summary>How many contexts were deactivated so far: where it is what it was, no chain has changed.</summary>
    internal static int Deactivations => Volatile.Read(ref _deactivations);

    /// <summary>True for a handler of exceptions: it is not asked about the end of a cancelled scope.</summary>
    internal virtual bool HandlesErrors => false;

    /// <summary>True where something is entered and left around each callback; false where only what those throw is looked at.</summary>
    internal virtual bool IsEntered => true;

    internal virtual object? EnterInstance() => null;

    internal abstract bool ExitInstance(object? instance, Exception? error);

    /// <summary>Called inside, when an async body has returned its task.</summary>
    private protected virtual void BodyBegan(Task task)
    {
    }

    /// <summary>What whoever called <c>Run</c> is told of an exception that the context consumed; null for nothing.</summary>
    private protected virtual Exception? Consumed(Exception error) => null;

    private T Follow<T>(T task)
        where T : Task?
    {
        if (task is { IsCompleted: false }) BodyBegan(task);
        return task;
    }

    private void Leave(ContextBlock block, Exception? error)
    {
        Exception? told = !block.Leave(error) ? error : Consumed(error!);
        if (told is not null) ExceptionDispatchInfo.Throw(told);
    }

    private async Task ObserveAsync(Task task, IScope? around)
    {
        try
        {
            await task;
        }
        catch (Exception error) when (!(HandlesErrors && ScopeCanceledException.Is(error, around)))
        {
            Judge(error);
        }
    }

    private async Task<T?> ObserveAsync<T>(Task<T> task, IScope? around)
    {
        await ObserveAsync((Task)task, around);
        return task.IsCompletedSuccessfully ? await task : default;
    }

    /// <summary>What an async body ended with, whose block is left already; throws what the context does not consume.</summary>
    private protected virtual void Judge(Exception error) => Run(() => ExceptionDispatchInfo.Throw(error));
}
