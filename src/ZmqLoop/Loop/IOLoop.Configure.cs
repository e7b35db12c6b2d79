namespace ZmqLoop;

public partial class IOLoop
{
    private static Func<IOLoop>? _configured;
    private static Type? _configuredClass;
    private static bool _creating;

    /// <summary>What kind of loop <see cref="Instance"/> makes. Any thread. tornado <c>configured_class()</c>.</summary>
    public static Type ConfiguredClass
    {
        get
        {
            lock (_instanceGate) return _configuredClass ?? ConfigurableDefault;
        }
    }

    /// <summary>What every configured loop derives from. tornado <c>configurable_base()</c>.</summary>
    public static Type ConfigurableBase => typeof(IOLoop);

    /// <summary>What <see cref="Instance"/> makes where nothing was configured: a loop without an engine. tornado <c>configurable_default()</c>.</summary>
    public static Type ConfigurableDefault => typeof(IOLoop);

    /// <summary>Says how <see cref="Instance"/> is made, from the next time on that it has to be; one that is there stays. Any thread. tornado <c>configure(impl, **kwargs)</c>.</summary>
    /// <param name="create">Makes the loop, with the options you like; called once, not made the thread's current one. Null: back to the default.</param>
    /// <typeparam name="TLoop">The kind of loop.</typeparam>
    public static void Configure<TLoop>(Func<TLoop>? create) where TLoop : IOLoop
    {
        lock (_instanceGate)
        {
            _configured = create;
            _configuredClass = create is null ? null : typeof(TLoop);
        }
    }

    private static IOLoop CreateConfigured()
    {
        if (_creating) throw new InvalidOperationException("The factory given to Configure asked for the Instance that it is making.");
        if (_configured is not { } create) return new IOLoop(new IOLoopOptions { MakeCurrent = false });
        IOLoop? current = t_current;
        _creating = true;
        try
        {
            return create() ?? throw new InvalidOperationException("The factory given to Configure returned null instead of a loop.");
        }
        finally
        {
            _creating = false;
            t_current = current; // the process-wide loop is not this thread's own, whoever asked first
        }
    }
}
