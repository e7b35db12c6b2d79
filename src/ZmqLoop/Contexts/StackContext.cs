using System.Runtime.CompilerServices;

namespace ZmqLoop;

/// <summary>Enters something afresh around every callback that its body leads to: a log scope, a culture, a transaction, a trace.</summary>
/// <remarks>
/// The factory is called for the body and once more for each callback. A context that cannot be entered keeps the callback from
/// running, and its exception goes to the contexts outside of it. For a plain value that follows the work, <see cref="AsyncLocal{T}"/> is
/// simpler and flows too. tornado 4.5 <c>StackContext</c>, except that an exit may consume the exception, as in Python's <c>with</c>,
/// tornado up to 3.0 and pyzmq's own copy.
/// </remarks>
/// <example><code>
/// IOLoop loop = IOLoop.Current;
/// StackContext culture = new(() =>
/// {
///     Console.WriteLine("entered"); // before each callback
///     return new CancellationTokenSource(); // disposed of after it
/// });
/// culture.Run(() => loop.CallLater(1, () => Console.WriteLine("inside, a second later")));
/// </code></example>
public sealed partial class StackContext : CallbackContext
{
    private readonly Func<IDisposable?>? _disposables;
    private readonly Func<IContextManager?>? _managers;

    /// <summary>A context that makes something for each callback and disposes of it afterwards, such as <c>() =>
    /// logger.BeginScope(...)</c>.</summary>
    /// <param name="factory">Makes one; null where there is nothing to dispose of.</param>
    public StackContext(Func<IDisposable?> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _disposables = factory;
    }

    /// <summary>A context whose instances are told when the callback begins, and how it ended.</summary>
    public StackContext(Func<IContextManager?> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        _managers = factory;
    }

    /// <summary>The contexts in force on this thread, outermost first: what a callback stored now would run in, but for those deactivated
    /// until then.</summary>
    public static IReadOnlyList<CallbackContext> Active => ContextNode.All(ContextThread.Current.Node);

    /// <summary>
    /// For logs and debuggers: the contexts in force on this thread, outermost first, and, where a loop records it
    /// (<see cref="IOLoopOptions.Debug"/>), where each was entered and the trail of callbacks that led here.
    /// </summary>
    public static string Describe()
    {
        List<string> lines = [];
        for (ContextNode? node = ContextThread.Current.Captured; node is not null; node = node.Parent)
        {
            string state = node.Context!.IsActive ? "" : " (deactivated)";
            string place = node.EnteredAt is { } trace ? $", entered at {CallbackTrail.Place(trace)}" : "";
            lines.Insert(0, $"{node.Context}{state}{place}");
        }

        if (lines.Count == 0) lines.Add("no stack contexts");
        if (CallbackTrail.Current is { } trail) lines.Add(trail.ToString());
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>Runs a function in a context. <c>run_with_stack_context</c> (tornado 4.5).</summary>
    /// <remarks>The same as <c>context.Run(function)</c>.</remarks>
    public static T? RunWithStackContext<T>(CallbackContext context, Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Run(function);
    }

    /// <summary>Runs an async function in a context, which is in force again after each of its awaits. <c>run_with_stack_context</c>
    /// (tornado 4.5).</summary>
    public static Task RunWithStackContext(CallbackContext context, Func<Task> function)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Run(function);
    }

    internal override object? EnterInstance()
    {
        if (_managers is null) return _disposables!();
        IContextManager? manager = _managers();
        manager?.Enter();
        return manager;
    }

    internal override bool ExitInstance(object? instance, Exception? error)
    {
        // No checked casts: the instance is what EnterInstance returned.
        if (instance is null) return false;
        if (_managers is not null) return Unsafe.As<IContextManager>(instance).Exit(error) && error is not null;
        Unsafe.As<IDisposable>(instance).Dispose();
        return false;
    }
}
