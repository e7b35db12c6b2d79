using System.Runtime.InteropServices;

namespace ZmqLoop.Polling;

/// <summary>One source that a poller watches, and what the poller knows of it. The loop's thread only.</summary>
internal sealed class Registration(EnginePoller poller, PollSource source, int descriptor, IOEvents interest, object? state)
{
    // Of a plain socket: its IsClosed says without a system call whether the socket was disposed.
    private readonly SafeHandle? _handle = source.Socket?.SafeHandle;

    public EnginePoller Poller { get; } = poller;

    public PollSource Source { get; } = source;

    /// <summary>The ZeroMQ socket, or null for a plain socket or a raw descriptor.</summary>
    public WatchedSocket? Socket { get; } = source.ZMQSocket as WatchedSocket;

    /// <summary>What the operating system watches; -1 where there is none to be had.</summary>
    public int Descriptor { get; } = descriptor;

    public object? State { get; } = state;

    public IOEvents Interest { get; set; } = interest;

    /// <summary>True where the source was disposed behind our back, so that its descriptor may be somebody else's.</summary>
    public bool IsDisposed => _handle is { IsClosed: true } || Socket is { IsClosed: true };

    /// <summary>True where the source may be disposed without our being told.</summary>
    public bool MayVanish => _handle is not null || Socket is { IsExposed: true };

    /// <summary>True once the poller has forgotten this; lists that still hold it pass over it.</summary>
    public bool IsDetached { get; set; }

    /// <summary>Where the poller keeps it.</summary>
    public int Slot { get; set; }

    /// <summary>What the source was found ready for when it was asked last.</summary>
    public IOEvents Known { get; set; }

    // What follows is the epoll poller's alone.

    /// <summary>Tells this registration from an earlier one in the same slot.</summary>
    public uint Generation { get; set; }

    /// <summary>The sockets to ask before the next sleep; null for what is no ZeroMQ socket, and in pollers that ask all of them every
    /// time.</summary>
    public DirtyList? DirtyList { get; set; }

    /// <summary>True if <see cref="Known"/> may be out of date.</summary>
    public bool IsDirty { get; set; }

    /// <summary>True if the kernel has reported the socket since it was last asked.</summary>
    public bool IsSignalled { get; set; }

    /// <summary>True while on the list of the sockets to ask.</summary>
    public bool IsListed { get; set; }

    /// <summary>True while on the list of the ready sockets.</summary>
    public bool IsOnReadyList { get; set; }

    /// <summary>The asking in which the kernel last reported it.</summary>
    public long Turn { get; set; }

    /// <summary>True where nobody wants to read, and asking would take what somebody may read later.</summary>
    public bool IsLeftAlone => Interest == IOEvents.None && Socket is { AskingTakesMessage: true };

    public bool IsReady => !IsDetached && (Known & Interest) != 0;

    /// <summary>Somebody used the socket: it must be asked before the next sleep.</summary>
    public void MarkDirty()
    {
        IsDirty = true;
        if (!IsListed) DirtyList?.Add(this);
    }

    /// <summary>The last receive brought a message, and more are wanted: what was known when the socket was reported is as good as what it
    /// would say if it were asked, and one that finds nothing puts it right.</summary>
    public void ExpectMore()
    {
        if (Interest == IOEvents.Read && (Known & IOEvents.Read) != 0 && !IsSignalled && !Socket!.IsExposed) IsDirty = false;
    }

    /// <summary>A receive found nothing. libzmq has then seen everything and signals what comes, so there is nothing to ask,
    /// unless there is interest in sending, or somebody else may use the socket.</summary>
    public void NothingToRead()
    {
        if (Interest != IOEvents.Read || Socket!.IsExposed) return;
        Known = IOEvents.None;
        IsDirty = false;
    }

    /// <summary>A send found no room, and what is waited for is a sign that there may be some. The library had just looked at everything,
    /// and signals what comes, so there is nothing to ask: asking would swallow that sign.</summary>
    /// <remarks>Between its answer and the send it may have looked once more, since a send does so every millisecond: what came in that
    /// very moment is seen when somebody next uses the socket. Who waits tries again after a while.</remarks>
    /// <param name="events">What it answered just before that send.</param>
    public void NothingToSend(IOEvents events)
    {
        if ((Interest & SocketActivity.Bit) == 0 || (events & Interest) != 0 || Socket!.IsExposed) return;
        Known = IOEvents.None;
        IsDirty = false;
    }
}
