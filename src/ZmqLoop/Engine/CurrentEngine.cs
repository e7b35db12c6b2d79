namespace ZmqLoop;

/// <summary>The engines that are in use: those of the thread's current loop and of the process-wide loop. Loops set them, so that nothing
/// here has to know loops.</summary>
internal static class CurrentEngine
{
    private static volatile IEngineOwner? _process;

    [ThreadStatic]
    private static IEngineOwner? t_thread;

    /// <summary>This thread's current loop, or null. Set by the loops.</summary>
    public static IEngineOwner? OfThread { set => t_thread = value; }

    /// <summary>The process-wide loop, or null. Set by the loops.</summary>
    public static IEngineOwner? OfProcess { set => _process = value; }

    /// <summary>The engine for a new socket: the current loop's, since a socket is for the loop that it is made on; else the
    /// process's.</summary>
    public static ZMQEngine Nearest => t_thread?.Engine ?? Default;

    /// <summary>The process's engine.</summary>
    public static ZMQEngine Default => _process?.Engine ?? EngineDiscovery.Default;
}
