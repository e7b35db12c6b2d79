namespace ZmqLoop;

/// <summary>An <see cref="IOLoop"/> with an engine: watches ZeroMQ sockets, plain sockets and, where the engine can, raw file descriptors.
/// pyzmq 16's <c>ZMQIOLoop</c>.</summary>
/// <example><code>
/// ZMQIOLoop loop = ZMQIOLoop.Install(); // on the engine that the application references
/// using ZMQStream echo = new(ZMQSocket.Create(SocketType.Rep), loop);
/// echo.Bind("tcp://127.0.0.1:5555");
/// echo.OnRecv(message => echo.Send(message));
/// loop.StopOnSignals(() => echo.FinishAsync(TimeSpan.FromSeconds(5)));
/// loop.Start();
/// </code></example>
public class ZMQIOLoop : IOLoop
{
    /// <summary>A loop on the process's engine, <see cref="ZMQEngine.Default"/>.</summary>
    /// <exception cref="InvalidOperationException">No engine is referenced; the message says what to do.</exception>
    public ZMQIOLoop(IOLoopOptions? options = null) : this(ZMQEngine.Default, options)
    {
    }

    /// <summary>A loop on this engine.</summary>
    public ZMQIOLoop(ZMQEngine engine, IOLoopOptions? options = null)
        : base(options, engine ?? throw new ArgumentNullException(nameof(engine))) => Engine = engine;

    /// <summary>The engine whose sockets this loop watches.</summary>
    public ZMQEngine Engine { get; }

    /// <summary>The process-wide loop, installed on demand. Any thread.</summary>
    /// <exception cref="InvalidOperationException">The process-wide loop is of another kind, or there is no engine.</exception>
    public static new ZMQIOLoop Instance => Install(new IOLoopOptions { MakeCurrent = false });

    /// <summary>This thread's loop where that is a <see cref="ZMQIOLoop"/>, else <see cref="Instance"/>.</summary>
    public static new ZMQIOLoop Current => CurrentOrNull as ZMQIOLoop ?? Instance;

    /// <summary>
    /// Makes a <see cref="ZMQIOLoop"/> the process-wide loop, and this thread's <see cref="Current"/> where it has none: call it first
    /// thing at startup, on the thread that is going to start the loop. Calling it again returns the same loop. pyzmq 16's
    /// <c>ioloop.install()</c>.
    /// </summary>
    /// <remarks>It takes the engine that the application references; where that is both, NetMQ, unless
    /// <see cref="Install(ZMQEngine, IOLoopOptions?)"/> or the environment variable <c>ZMQLOOP_ENGINE</c> (<c>libzmq</c> or <c>netmq</c>)
    /// says otherwise.</remarks>
    /// <exception cref="InvalidOperationException">Another kind of loop is the process-wide one (the message says where it was made), or no
    /// engine is referenced, or not the one that <c>ZMQLOOP_ENGINE</c> names.</exception>
    public static ZMQIOLoop Install(IOLoopOptions? options = null) => (ZMQIOLoop)LoopRegistry.Install(
        static loop => loop is ZMQIOLoop,
        () => new ZMQIOLoop(options),
        typeof(ZMQIOLoop));

    /// <summary>As <see cref="Install(IOLoopOptions?)"/>, on this engine, which is <see cref="ZMQEngine.Default"/> from now on.</summary>
    /// <exception cref="InvalidOperationException">A loop of another kind, or on another engine, is the process-wide one.</exception>
    public static ZMQIOLoop Install(ZMQEngine engine, IOLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return (ZMQIOLoop)LoopRegistry.Install(
            loop => loop is ZMQIOLoop present && ReferenceEquals(present.Engine, engine),
            () => new ZMQIOLoop(engine, options),
            typeof(ZMQIOLoop));
    }
}
