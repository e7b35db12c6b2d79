using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop;

/// <summary>An <see cref="IOLoop"/> over a <see cref="ZMQPoller"/>: watches ZeroMQ sockets, plain sockets and, where the engine can, raw file descriptors. pyzmq 16's <c>ZMQIOLoop</c>.</summary>
public class ZMQIOLoop : IOLoop
{
    /// <summary>A loop on the engine that this application references.</summary>
    /// <exception cref="InvalidOperationException">No engine, or more than one, is referenced; the message says what to do.</exception>
    public ZMQIOLoop(IOLoopOptions? options = null) : this(ZMQEngine.Default, options)
    {
    }

    /// <summary>A loop on this engine.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The loop disposes of its poller.")]
    public ZMQIOLoop(ZMQEngine engine, IOLoopOptions? options = null)
        : base(options, () => new ZMQPoller(engine ?? throw new ArgumentNullException(nameof(engine))))
    {
        ArgumentNullException.ThrowIfNull(engine);
        Engine = engine;
    }

    /// <summary>The engine whose sockets this loop watches.</summary>
    public ZMQEngine Engine { get; }

    /// <summary>The process-wide loop, installed on demand. Any thread.</summary>
    /// <exception cref="InvalidOperationException">The process-wide loop is of another kind, or there is no engine.</exception>
    public static new ZMQIOLoop Instance => Install(new IOLoopOptions { MakeCurrent = false });

    /// <summary>This thread's loop where that is a <see cref="ZMQIOLoop"/>, else <see cref="Instance"/>.</summary>
    public static new ZMQIOLoop Current => CurrentOrNull as ZMQIOLoop ?? Instance;

    internal static ZMQEngine CurrentEngine => (Initialized ? IOLoop.Instance as ZMQIOLoop : null)?.Engine ?? ZMQEngine.Default;

    /// <summary>
    /// Makes a <see cref="ZMQIOLoop"/> the process-wide loop, on the engine that this application references, and this thread's <see cref="Current"/> where it has none:
    /// call it first thing at startup, on the thread that is going to start the loop. Calling it again returns the same loop. pyzmq 16's <c>ioloop.install()</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another kind of loop is the process-wide one (the message says where it was made), or no engine, or more than one, is referenced.</exception>
    public static ZMQIOLoop Install(IOLoopOptions? options = null) => (ZMQIOLoop)InstallInstance(
        static loop => loop is ZMQIOLoop,
        () => new ZMQIOLoop(options),
        typeof(ZMQIOLoop));

    /// <summary>As <see cref="Install(IOLoopOptions?)"/>, on this engine.</summary>
    /// <exception cref="InvalidOperationException">A loop of another kind, or on another engine, is the process-wide one.</exception>
    public static ZMQIOLoop Install(ZMQEngine engine, IOLoopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        return (ZMQIOLoop)InstallInstance(
            loop => loop is ZMQIOLoop present && ReferenceEquals(present.Engine, engine),
            () => new ZMQIOLoop(engine, options),
            typeof(ZMQIOLoop));
    }
}
