using System.Diagnostics.CodeAnalysis;

namespace ZmqLoop.LowLevel;

/// <summary>The end of the process, for those who have sockets that nobody uses any more: they close them, and what lingers is waited for
/// then. Any thread.</summary>
public static class ProcessExit
{
    static ProcessExit() => LingeringSockets.Ending += End;

    /// <summary>The process ends: raised before it is waited for what closed sockets linger for, on a thread of the runtime's. Loops may be
    /// running yet on others: what is to be done on them is given to the <see cref="ProcessExitCallbacks"/>, which does it when all
    /// handlers have returned. What these throw is ignored.</summary>
    public static event Action<ProcessExitCallbacks>? Ending;

    private static void End()
    {
        ProcessExitCallbacks callbacks = new();
        foreach (Action<ProcessExitCallbacks> handler in Delegate.EnumerateInvocationList(Ending)) Try(() => handler(callbacks));
        callbacks.Run();
    }

    [SuppressMessage("Design", "CA1031", Justification = "One that fails keeps neither the others nor the process from ending.")]
    internal static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception)
        {
            // Nobody is left to tell.
        }
    }
}
