namespace ZmqLoop;

/// <summary>The sockets of the process that were closed with time to send what they had taken: the end of the process waits for them, on a
/// thread of its own, and says which had not sent it all. Any thread.</summary>
internal static class LingeringSockets
{
    private const int FirstLook = 64;
    private const int Most = 10_000; // that are remembered: the context is asked for all of them at once
    private const int MostNamed = 10;

    // Whoever stops services kills them after 30 seconds, most often.
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan _closing = TimeSpan.FromSeconds(5);
    private static readonly Lock _gate = new();
    private static readonly List<LingeringSocket> _sockets = [];
    private static int _lookAt = FirstLook;

    private static EventHandler? _handler;

    static LingeringSockets() => EndLast();

    /// <summary>The process ends: before the wait, whoever has sockets that nobody uses any more closes them. Nothing is thrown.</summary>
    public static event Action? Ending;

    /// <summary>What others do at the end of the process, as far as they have said so by now, comes first: they may still use streams, and
    /// close them. The runtime calls its handlers in order.</summary>
    public static void EndLast()
    {
        lock (_gate)
        {
            EventHandler handler = new ExitHandler().End;
            AppDomain.CurrentDomain.ProcessExit += handler;
            AppDomain.CurrentDomain.ProcessExit -= _handler;
            _handler = handler;
        }
    }

    public static void Add(LingeringSocket socket)
    {
        LingeringSocket[] asked;
        lock (_gate)
        {
            _sockets.Add(socket);
            if (_sockets.Count <= _lookAt) return;
            _lookAt = int.MaxValue; // whoever comes meanwhile does not ask as well
            asked = [.. _sockets];
        }

        HashSet<LingeringSocket> over = [.. asked.Where(static socket => socket.IsOver)]; // asks the library: outside of the lock
        lock (_gate)
        {
            _sockets.RemoveAll(over.Contains);
            if (_sockets.Count > Most) _sockets.RemoveRange(0, _sockets.Count - Most);
            _lookAt = Math.Max(FirstLook, Math.Min(Most, _sockets.Count * 2));
        }
    }

    private static void End()
    {
        if (Ending is { } ending) RunFor(_closing, ending);
        RunFor(_longest + TimeSpan.FromSeconds(1), WaitForAll);
    }

    /// <summary>Whatever the library, a log or a full stderr does, the process ends.</summary>
    private static void RunFor(TimeSpan limit, Action action)
    {
        Thread thread = new(action.Invoke) { IsBackground = true, Name = "ZmqLoop linger" };
        thread.UnsafeStart();
        thread.Join(limit);
    }

    private static void WaitForAll()
    {
        LingeringSocket[] lingering;
        lock (_gate) lingering = [.. _sockets];
        lingering = [.. lingering.Where(static socket => !socket.IsOver)];
        if (lingering.Length > 0) WaitFor(lingering);
    }

    private static void WaitFor(LingeringSocket[] lingering)
    {
        long start = TimeProvider.System.GetTimestamp();
        List<LingeringSocket> late = [];
        foreach (LingeringSocket socket in lingering.OrderBy(static socket => socket.Left))
        {
            TimeSpan left = _longest - TimeProvider.System.GetElapsedTime(start);
            if (!socket.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero)) late.Add(socket);
        }

        if (late.Count == 0) return;
        string names = string.Join(", ", late.Take(MostNamed)) + (late.Count > MostNamed ? $" and {late.Count - MostNamed} more" : "");
        Console.Error.WriteLine(
            $"ZmqLoop: the process ends, and what was sent may be lost: not all that these closed sockets had taken has left within their "
            + $"linger ({_longest.TotalSeconds} s at most): {names}.");
    }

    /// <summary>Each is another handler to the runtime.</summary>
    private sealed class ExitHandler
    {
        public void End(object? sender, EventArgs arguments) => LingeringSockets.End();
    }
}
