namespace ZmqLoop;

// Which loop is the process's, and which is the thread's.
public partial class IOLoop
{
    /// <summary>The process-wide loop, made on demand: a <see cref="ZMQIOLoop"/> where that was installed, else what
    /// <see cref="Configure{TLoop}"/> said, else a loop without an engine. Any thread. tornado <c>instance()</c>.</summary>
    public static IOLoop Instance => LoopRegistry.Instance;

    /// <summary>True once there is a process-wide loop. Any thread. tornado <c>initialized()</c>.</summary>
    public static bool Initialized => LoopRegistry.HasInstance;

    /// <summary>This thread's loop, or <see cref="Instance"/> where it has none. tornado <c>current()</c>.</summary>
    public static IOLoop Current => CurrentOrNull ?? Instance;

    /// <summary>This thread's loop, or null. tornado <c>current(instance=False)</c>.</summary>
    /// <remarks>A loop that was closed, possibly on another thread, is nobody's current one.</remarks>
    public static IOLoop? CurrentOrNull => LoopRegistry.Current;

    /// <summary>What kind of loop <see cref="Instance"/> makes. Any thread. tornado <c>configured_class()</c>.</summary>
    public static Type ConfiguredClass => LoopRegistry.ConfiguredClass ?? ConfigurableDefault;

    /// <summary>What every configured loop derives from. tornado <c>configurable_base()</c>.</summary>
    public static Type ConfigurableBase => typeof(IOLoop);

    /// <summary>What <see cref="Instance"/> makes where nothing was configured: a loop without an engine. tornado
    /// <c>configurable_default()</c>.</summary>
    public static Type ConfigurableDefault => typeof(IOLoop);

    /// <summary>Says how <see cref="Instance"/> is made, from the next time on that it has to be; one that is there stays. Any thread.
    /// tornado <c>configure(impl, **kwargs)</c>.</summary>
    /// <param name="create">Makes the loop, with the options you like; called once, not made the thread's current one. Null: back to the
    /// default.</param>
    /// <typeparam name="TLoop">The kind of loop.</typeparam>
    public static void Configure<TLoop>(Func<TLoop>? create) where TLoop : IOLoop => LoopRegistry.Configure(create);

    /// <summary>Makes this loop the process-wide one. Doing it again changes nothing. tornado's instance method <c>install()</c>.</summary>
    /// <exception cref="InvalidOperationException">There is another one; the message says which, and where it was installed.</exception>
    public void InstallAsInstance()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        LoopRegistry.Install(this);
    }

    /// <summary>Forgets the process-wide loop without closing it: for tests and for processes that start over. tornado
    /// <c>clear_instance()</c>.</summary>
    public static void ClearInstance() => LoopRegistry.ClearInstance();

    /// <summary>Makes this loop the thread's <see cref="Current"/>; <see cref="Start()"/> does so by itself. tornado
    /// <c>make_current()</c>.</summary>
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        LoopRegistry.Current = this;
    }

    /// <summary>Leaves the thread without a loop; nothing happens if it has none. tornado <c>clear_current()</c>.</summary>
    public static void ClearCurrent() => LoopRegistry.Current = null;

    ZMQEngine? IEngineOwner.Engine => _closed ? null : _engine;
}
