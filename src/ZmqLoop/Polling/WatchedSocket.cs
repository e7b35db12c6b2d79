using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using ZmqLoop.Polling;

namespace ZmqLoop;

/// <summary>What the sockets of both engines share: how a poller watches them, what they are called, and how they end.</summary>
/// <remarks>Nobody else can derive from it: other engines' sockets are <see cref="ZMQSocket"/>s, with a poller of their own.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class WatchedSocket : ZMQSocket
{
    /// <summary>The linger that sockets begin with: TCP has tried to connect three times by then, the last time after three seconds, and
    /// whoever waits for the end of the process does not wait long.</summary>
    private static readonly TimeSpan _defaultLinger = TimeSpan.FromSeconds(5);

    private IOEvents _eventsAtSend; // of the last send that found no room

    private protected WatchedSocket(SocketType type) : base(type)
    {
    }

    /// <summary>Where a socket that an engine makes begins in another way than the library's own.</summary>
    private protected void SetDefaults()
    {
        Linger = _defaultLinger;
        // What these send is subscriptions, and the libraries drop in silence those that are beyond the mark.
        if (Type is SocketType.Sub or SocketType.XSub) SendHighWaterMark = 0;
    }

    /// <inheritdoc/>
    public sealed override IOEvents Events
    {
        get
        {
            Touch();
            return AskEvents(signalled: true);
        }
    }

    /// <summary>Where a poller watches this socket, and what it knows of it; null where none does.</summary>
    internal Registration? Watch { get; set; }

    /// <summary>True once somebody may use the socket without our knowing: it must be asked before every sleep.</summary>
    internal bool IsExposed { get; private set; }

    /// <summary>The descriptor that is readable while there is something that the library has not looked at; -1 where there is none to be
    /// had.</summary>
    internal abstract int Descriptor { get; }

    /// <summary>How large the messages may be that it receives.</summary>
    private protected MessageLimit Limit { get; } = new();

    /// <inheritdoc/>
    internal sealed override bool SaysWritable => (_eventsAtSend & IOEvents.Write) != 0;

    /// <inheritdoc/>
    internal sealed override void ExpectMore() => Watch?.ExpectMore();

    /// <inheritdoc/>
    internal sealed override void LimitMessages(int frames, long bytes)
    {
        ThreadAffinity.Check(Watch?.Poller.Loop, this);
        Limit.Set(frames, bytes);
    }

    /// <inheritdoc/>
    internal sealed override bool TryTakeDropped(out DroppedMessage dropped) => Limit.TryTakeDropped(out dropped);

    /// <summary>What it was bound or connected to.</summary>
    private protected string? Endpoint { get; set; }

    /// <inheritdoc/>
    public sealed override void Bind(string endpoint)
    {
        BeginOn(EndpointCall.Bind, endpoint);
        BindTo(endpoint);
        Endpoint = LastEndpoint;
    }

    /// <inheritdoc/>
    public sealed override void Connect(string endpoint)
    {
        BeginOn(EndpointCall.Connect, endpoint);
        ConnectTo(endpoint);
        Endpoint ??= endpoint;
    }

    /// <inheritdoc/>
    public sealed override void Unbind(string endpoint)
    {
        BeginOn(EndpointCall.Unbind, endpoint);
        UnbindFrom(endpoint);
    }

    /// <inheritdoc/>
    public sealed override void Disconnect(string endpoint)
    {
        BeginOn(EndpointCall.Disconnect, endpoint);
        DisconnectFrom(endpoint);
    }

    /// <inheritdoc/>
    public sealed override void Close(TimeSpan? linger)
    {
        if (IsClosed) return;
        ThreadAffinity.Check(Watch?.Poller.Loop, this); // before anything is done
        if (linger is { } given) ((DurationOption)ZMQSocketOptions.Linger).ToMilliseconds(given, nameof(linger));
        TimeSpan lingers = TimeSpan.Zero;
        try
        {
            if (linger is { } time) Linger = time;
            if (!Type.OnlyReceives) lingers = Linger;
            else Linger = TimeSpan.Zero; // what these would still send, to publishers that are gone, is subscriptions
        }
        catch (ContextTerminatedException)
        {
            // Then nothing lingers.
        }

        EndMonitors();

        // First, so that no poller waits on a descriptor that is somebody else's by then.
        Watch?.Poller.ForgetClosed(Watch);
        Func<TimeSpan, bool?>? wait = lingers == TimeSpan.Zero ? null : WaitUntilGone();
        CloseSocket();
        if (wait is not null) LingeringSockets.Add(new LingeringSocket(ToString(), lingers, wait));
    }

    /// <summary>Such as <c>ROUTER socket (tcp://127.0.0.1:5555)</c>; also after it was closed.</summary>
    public sealed override string ToString()
    {
        string name = Type.ToString().ToUpperInvariant() + " socket";
        return string.IsNullOrEmpty(Endpoint) ? name : $"{name} ({Endpoint})";
    }

    /// <summary>Whether somebody waits for this socket who is none of our pollers.</summary>
    /// <exception cref="InvalidOperationException">Somebody does.</exception>
    internal virtual void VerifyFree()
    {
    }

    /// <summary>What the socket is ready for, without the poller taking note of the question.</summary>
    /// <param name="signalled">True where the descriptor was readable: then there is something that the library has not looked at.</param>
    internal abstract IOEvents AskEvents(bool signalled);

    /// <summary>Any call may look at what the descriptor would have told of, so every call comes through here.</summary>
    /// <remarks>Part of its callers, which are sealed: there is no virtual call.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void Touch()
    {
        if (IsClosed) ThrowClosed();
        ThreadAffinity.Check(Watch?.Poller.Loop, this);
        Watch?.MarkDirty();
    }

    /// <summary>From now on others may use the socket, and perhaps close it, without our being told.</summary>
    private protected void Expose()
    {
        if (IsExposed) return;
        IsExposed = true;
        Watch?.Poller.Expose(Watch);
    }

    /// <summary>A send found no room, though the socket was asked just before.</summary>
    /// <param name="events">What it answered.</param>
    private protected void NothingToSend(IOEvents events)
    {
        _eventsAtSend = events;
        Watch?.NothingToSend(events);
    }

    /// <summary>A send found no room in the middle of a message, since the peer that was getting it has gone. The socket was not
    /// asked.</summary>
    private protected void BreakOff() => _eventsAtSend = IOEvents.None;

    private protected abstract void BindTo(string endpoint);

    private protected abstract void ConnectTo(string endpoint);

    private protected abstract void UnbindFrom(string endpoint);

    private protected abstract void DisconnectFrom(string endpoint);

    /// <summary>Ends the monitor of this socket, or what it is the monitor of, before it is closed.</summary>
    private protected abstract void EndMonitors();

    /// <summary>A wait, for once the socket is closed, until it has sent what it had taken, or given up; null where that cannot be
    /// known.</summary>
    private protected abstract Func<TimeSpan, bool?>? WaitUntilGone();

    /// <summary>Closes the library's socket, which nobody watches any more.</summary>
    private protected abstract void CloseSocket();

    /// <summary>The peer that was getting a message has gone in the middle of it. True where the library throws the rest away until its
    /// last frame, which has to come: the load-balancing sockets do, and on others the rest would be a message.</summary>
    private protected bool DropsUntilLastFrame => Type is SocketType.Dealer or SocketType.Push or SocketType.Req;

    /// <summary>The exception where the library gave some frames of a message, and not the others.</summary>
    private protected ZMQException Torn(int frames, int number) => new(
        ZMQErrorCode.Again, number, "EAGAIN", $"{this} delivered {frames} frames of a message but not its end; they were dropped.");

    /// <summary>There was no memory for a message, in the middle of it: the receives that follow throw its other frames away, which would
    /// be a message to them.</summary>
    private protected void ForgetRest()
    {
        if (Get(ZMQSocketOptions.RcvMore)) Limit.BeginForgetting();
    }

    private void BeginOn(EndpointCall call, string endpoint)
    {
        EndpointParser.Verify(call, endpoint);
        Touch();
    }

    [DoesNotReturn]
    private void ThrowClosed() => throw new ObjectDisposedException(ToString());
}
