namespace ZmqLoop;

/// <summary>Makes room for sockets. Those that nobody holds any more are closed when the garbage collector finds them, and it knows of
/// memory alone: a thousand sockets, which is all that a library may have, are little of that.</summary>
/// <param name="limit">How many sockets may be open.</param>
internal sealed class SocketCollector(Func<int> limit)
{
    private const int Parts = 8; // of the limit: how often it is looked from half of it on

    private static readonly TimeSpan _futileFor = TimeSpan.FromSeconds(1);

    // A socket is closed by the finalizers' thread, or by its stream's loop, and its place is free when the library's own thread has been
    // there.
    private static readonly int[] _pauses = [5, 45, 150];

    private readonly Lock _gate = new();
    private int _collectAt;
    private long _futileAt; // 0 where it never was

    /// <summary>Opens a socket. Where there is no room, the forgotten ones are collected, and it tries again.</summary>
    /// <param name="open">The library's call.</param>
    /// <param name="isFull">Whether it threw for want of room.</param>
    /// <remarks>The forgotten streams of a loop are closed in its next turn, so that a callback that makes and forgets a thousand finds no
    /// room for the next: therefore <see cref="Opened"/>.</remarks>
    public T Open<T>(Func<T> open, Func<Exception, bool> isFull)
    {
        try
        {
            return open();
        }
        catch (Exception exception) when (isFull(exception) && MayHelp())
        {
            Collect(blocking: true);
        }

        foreach (int pause in _pauses)
        {
            SpinWait.SpinUntil(static () => false, pause);
            try
            {
                return open();
            }
            catch (Exception exception) when (isFull(exception))
            {
                // The next try, or the last one, which tells.
            }
        }

        lock (_gate) _futileAt = TimeProvider.System.GetTimestamp(); // who is told is likely to try again soon
        return open();
    }

    /// <summary>There is one more: from half of the limit on, collects in the background whenever an eighth of it was added.</summary>
    /// <param name="open">How many sockets are open.</param>
    public void Opened(int open)
    {
        int most = limit();
        int part = Math.Max(1, most / Parts);
        lock (_gate)
        {
            if (open < _collectAt - (2 * part) || _collectAt == 0)
            {
                _collectAt = most / 2;
                _futileAt = 0;
            }

            if (open < _collectAt) return;
            _collectAt = open + part;
        }

        Collect(blocking: false);
    }

    private bool MayHelp()
    {
        lock (_gate) return _futileAt == 0 || TimeProvider.System.GetElapsedTime(_futileAt) >= _futileFor;
    }

    private static void Collect(bool blocking) => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking);
}
