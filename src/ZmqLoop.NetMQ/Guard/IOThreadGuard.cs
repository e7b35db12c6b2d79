using Microsoft.Extensions.Logging;
using ZmqLoop.Interop;

namespace ZmqLoop.Guard;

/// <summary>Keeps what strangers send from ending the process: NetMQ's I/O threads, which are the process's, are guarded from the first
/// socket that an engine makes or adopts.</summary>
internal static class IOThreadGuard
{
    private const string NoGuard = "This version of NetMQ does not have the members, in the shape that is expected, that the guard of "
        + "its I/O threads needs: a few bytes from whoever can connect end the process, and what a closed socket lingers for may be lost. "
        + "On networks that you do not trust use ZmqLoop.LibZmq, or NetMQ 4.0.4.5";

    private const string Resets = "This version of .NET, or of AsyncIO, does not have the members, in the shape that is expected, with "
        + "which connections end after delivery: what a closed socket lingers for may be lost over NetMQ. Wait for an answer before you "
        + "close, or use ZmqLoop.LibZmq";

    private static readonly Lock _gate = new();
    private static readonly IOThreadLog _log = new(static () => Logger, TimeProvider.System);
    private static readonly WeakReference<object?> _guarded = new(null);
    private static bool _isDisabled;
    private static bool _isMissed;
    private static bool _isResetting;
    private static ILogger? _logger;

    private static ILogger? Logger => _logger ?? (IOLoop.Initialized ? IOLoop.Instance.Logger : null);

    /// <summary>True if this version of NetMQ has what the guard needs.</summary>
    public static bool IsPossible { get; } =
        SocketInternals.AreKnown && ProactorInternals.AreKnown && ConnectionInternals.AreKnown && AcceptInternals.AreKnown;

    /// <summary>An engine was made that says where to log.</summary>
    public static void LogTo(ILogger logger) => Volatile.Write(ref _logger, logger);

    /// <summary>An engine was made that wants no guard; threads that have one keep it.</summary>
    public static void Disable() => Volatile.Write(ref _isDisabled, true);

    /// <summary>A socket was made, or adopted: its context's I/O threads are guarded from now on.</summary>
    /// <param name="core">The socket's inside; null where that is not known.</param>
    public static void Guard(object? core)
    {
        if (Volatile.Read(ref _isDisabled)) return;
        _logger ??= IOLoop.CurrentOrNull?.Logger;
        if (core is null || !IsPossible)
        {
            WarnOnce(ref _isMissed, NoGuard);
            return;
        }

        if (!CloseInternals.AreKnown) WarnOnce(ref _isResetting, Resets);
        object context = ProactorInternals.ContextOf(core);
        lock (_gate)
        {
            if (_guarded.TryGetTarget(out object? guarded) && ReferenceEquals(guarded, context)) return;
            foreach (object ioThread in ProactorInternals.IOThreads(context)) GuardedPort.PutInto(ioThread, _log);
            _guarded.SetTarget(context);
        }
    }

    /// <summary>Sets the limit of the connections that a guarded socket has already.</summary>
    /// <returns>False where that cannot be done.</returns>
    public static bool Limit(object core, long bytes)
    {
        if (Volatile.Read(ref _isDisabled) || !IsPossible || !LimitInternals.AreKnown) return false;
        foreach (object ioThread in ProactorInternals.IOThreads(ProactorInternals.ContextOf(core)))
            GuardedPort.Post(ioThread, proactor => LimitInternals.Limit(proactor, core, bytes));
        return true;
    }

    /// <summary>Warns of something that makes the process easier to kill.</summary>
    /// <param name="danger">What it is, and what to do.</param>
    /// <param name="own">Where to, if not where the I/O threads' news go.</param>
    public static void Warn(string danger, ILogger? own = null)
    {
        if ((own ?? Logger) is { } logger) NetMQLog.Danger(logger, danger);
        else Console.Error.WriteLine($"ZmqLoop: {danger}");
    }

    /// <summary>The same, where it was not said before.</summary>
    public static void WarnOnce(ref bool isSaid, string danger, ILogger? own = null)
    {
        if (!Interlocked.Exchange(ref isSaid, true)) Warn(danger, own);
    }
}
