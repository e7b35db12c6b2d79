namespace ZmqLoop.LowLevel;

/// <summary>The end of the process, for those who have sockets that nobody uses any more: they close them, and what lingers is waited for
/// then. Any thread.</summary>
public static class ProcessExit
{
    /// <summary>The process ends: raised before it is waited for what closed sockets linger for, on a thread of the runtime's. Loops may be
    /// running yet on others, which <see cref="LoopExtensions.TryRunHere"/> tells; one whose callback called
    /// <see cref="Environment.Exit"/> is among them, and will run no more. What handlers throw is ignored.</summary>
    public static event Action? Ending
    {
        add => LingeringSockets.Ending += value;
        remove => LingeringSockets.Ending -= value;
    }
}
