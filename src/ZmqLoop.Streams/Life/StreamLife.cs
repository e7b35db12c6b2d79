using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ZmqLoop.Streams;

/// <summary>A stream's life from its making to its end: one state, who may do what in it, and the way from each to the next.</summary>
/// <param name="owner">The stream, for those who are told of it.</param>
/// <param name="socket">Its socket.</param>
/// <param name="loop">Its loop.</param>
/// <param name="options">Whether closing leaves the socket open, and its priority.</param>
/// <param name="callbacks">Who is called back.</param>
/// <param name="parts">What receives and sends.</param>
internal sealed class StreamLife(
    object owner, ZMQSocket socket, IOLoop loop, ZMQStreamOptions options, StreamCallbacks callbacks, IStreamParts parts)
{
    private const int Drained = 1;
    private const int NotDrained = 2;

    private readonly long _madeAt = loop.TimeProvider.GetTimestamp();
    private readonly CallbackTrail? _madeBy = loop.RecordTrail(); // where the loop records it
    private readonly bool _onlySends = socket.Type.OnlySends;
    private readonly bool _onlyReceives = socket.Type.OnlyReceives;
    private TaskCompletionSource<bool>? _done; // where somebody waits for the end, any thread
    private int _end; // once it is closed: whether it was drained
    private StreamRoot? _root; // null, for the finalizer, where the stream did not get its socket
    private CancellationTokenRegistration _loopEnd;
    private TimeoutHandle _drainTimer; // runs while the loop drains the stream
    private Action? _closeCallback;
    private CallbackOrigin? _closeCallbackOrigin;
    private int _state;

    public object Owner => owner;

    public IOLoop Loop => loop;

    public IStreamParts Parts => parts;

    public TimeSpan Age => loop.TimeProvider.GetElapsedTime(_madeAt);

    public StreamState State => (StreamState)Volatile.Read(ref _state);

    /// <summary>False for a socket that only sends.</summary>
    public bool Receives => !_onlySends;

    /// <summary>Closing was asked for, or the socket was closed elsewhere: nothing is received, and nothing may be begun. Any
    /// thread.</summary>
    public bool IsClosed => State != StreamState.Open || socket.IsClosed;

    /// <summary>Nothing can be done any more. A stream that drains is not gone yet.</summary>
    public bool IsGone => State == StreamState.Closed || socket.IsClosed;

    /// <summary>The loop sends what is queued, and closes the stream then: since the drain has begun there, until the end. Loop's
    /// thread.</summary>
    public bool DrainHasBegun => !_drainTimer.IsNone && State != StreamState.Closed;

    /// <summary>Takes the socket, and has the loop watch it.</summary>
    /// <exception cref="InvalidOperationException">Another stream or handler has the socket.</exception>
    public void Begin()
    {
        _root = StreamRegistry.Take(socket, this,
            root => NullContext.RunDetached(() => loop.AddHandler(socket, root.HandleEvents, IOEvents.None, options.Priority)));
        _loopEnd = loop.Closed.UnsafeRegister(static root => ((StreamRoot)root!).EndWithLoop(), _root);
    }

    /// <summary>The loop and the socket hold the stream from now on, or no more. Loop's thread.</summary>
    public void Hold(bool isNeeded) => _root?.Hold(isNeeded ? this : null);

    public void VerifyThread() => loop.VerifyThread(owner);

    public void VerifyOpen()
    {
        VerifyNotClosed();
        VerifyThread();
    }

    /// <summary>Throws where nobody may wait for anything any more. Any thread.</summary>
    public void VerifyMayWait()
    {
        VerifyNotClosed();
        ObjectDisposedException.ThrowIf(loop.IsClosed, loop);
    }

    /// <summary>Throws where nothing may be sent any more; a drain lets handlers under way answer first. Any thread.</summary>
    public void VerifyMaySend()
    {
        if (State >= StreamState.Closing || socket.IsClosed) ThrowClosed();
    }

    /// <summary>Throws where nothing can ever come. Any thread.</summary>
    public void VerifyReceives()
    {
        if (_onlySends) ThrowOneWay("sends", "receive");
    }

    /// <summary>Throws where nothing can ever go out. Any thread.</summary>
    public void VerifySends()
    {
        if (_onlyReceives) ThrowOneWay("receives", "send");
    }

    public void SetCloseCallback(Action? callback)
    {
        VerifyOpen();
        _closeCallbackOrigin = callback is null ? null : callbacks.Origin(callback);
        _closeCallback = StackContext.Wrap(callback);
    }

    /// <summary>Closes the stream without sending what is queued. Any thread.</summary>
    public void Close(TimeSpan? linger)
    {
        Lingering.Verify(linger);
        Advance(StreamState.Closing);
        if (State != StreamState.Closed) loop.RunOnLoop(() => CloseNow(linger));
    }

    /// <summary>Closes the stream when handlers under way have ended and what is queued was sent. Any thread.</summary>
    /// <returns>Whether nothing was left to send, or to wait for.</returns>
    public Task<bool> CloseAsync(TimeSpan drain)
    {
        Advance(StreamState.Draining);
        if (State != StreamState.Closed) loop.RunOnLoop(() => BeginDrain(drain));
        return WhenDone();
    }

    private Task<bool> WhenDone()
    {
        TaskCompletionSource<bool> done = LazyInitializer.EnsureInitialized(
            ref _done, static () => new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        Interlocked.MemoryBarrier();
        if (_end != 0) done.TrySetResult(_end == Drained);
        return done.Task;
    }

    /// <summary>Ends a drain where nothing is left to wait for. Loop's thread.</summary>
    public void CloseIfDrained()
    {
        if (!DrainHasBegun || parts.HasHandlers) return;
        Advance(StreamState.Closing); // whoever had a message to answer has done it
        if (parts.Unsent == 0) CloseNow(null);
    }

    /// <summary>Closes the stream here and now, once. Loop's thread.</summary>
    public void CloseNow(TimeSpan? linger) =>
        CloseNow(linger, socket.IsClosed ? "somebody else closed its socket" : "use CloseAsync to send what is queued");

    private void CloseNow(TimeSpan? linger, string whyUnsent)
    {
        if (!Advance(StreamState.Closed)) return;
        _loopEnd.Unregister();
        bool drained = !parts.HasHandlers && parts.Unsent == 0;
        FirstError errors = new(); // whatever one of them throws, the stream ends closed, and all that waits for it ends
        errors.Catch(parts.StopReceiving);
        errors.Catch(LeaveLoop);
        errors.Catch(() => CloseSocket(linger));
        errors.Catch(() => parts.End(whyUnsent));
        errors.Catch(RunCloseCallback);
        _end = drained ? Drained : NotDrained;
        Interlocked.MemoryBarrier(); // whoever begins to wait now sees it, or is seen here
        _done?.TrySetResult(drained);
        errors.Throw();
    }

    /// <summary>The loop was closed first, and brings nothing any more; what is queued may still be handed over by
    /// <see cref="CloseAsync"/>.</summary>
    public void EndWithLoop()
    {
        if (State == StreamState.Closed) return;
        if (DrainHasBegun) HandOver();
        else if (socket.IsClosed) CloseNow(null);
        else
        {
            parts.ForgetUnsent();
            parts.StopReceiving();
        }
    }

    /// <summary>The process ends, and the stream is open: it hands over what is queued, and its socket is closed, so that it lingers. What
    /// is left goes nowhere; senders are told no more. Any thread.</summary>
    public void EndWithProcess(ProcessExitCallbacks callbacks) =>
        callbacks.RunOnLoop(loop, parts.HasSent ? owner : null, LeaveProcess, WarnOfUnsent);

    /// <summary>
    /// The garbage collector found that nobody holds the stream, and nothing can happen on it. The loop closes it, and says so: on this
    /// thread, the finalizers', nothing is done that could take long, call others or throw.
    /// </summary>
    public void Forget()
    {
        if (_root is null || State == StreamState.Closed) return;
        try
        {
            // whoever began to wait in the very moment in which the loop was closed hears of it
            if (!loop.SpawnCallback(CloseForgotten)) parts.EndWaits();
        }
        catch (Exception)
        {
            // No memory, or a poller that cannot be woken: an exception here would end the process.
        }
    }

    /// <returns>False where the life has come so far already.</returns>
    private bool Advance(StreamState state)
    {
        int present = Volatile.Read(ref _state);
        while (present < (int)state)
        {
            int found = Interlocked.CompareExchange(ref _state, (int)state, present);
            if (found == present) return true;
            present = found;
        }

        return false;
    }

    private void BeginDrain(TimeSpan drain)
    {
        if (State == StreamState.Closed || (DrainHasBegun && loop.IsRunning)) return;
        FirstError errors = new();
        errors.Catch(parts.StopReceiving);
        errors.Catch(loop.IsRunning ? () => DrainOnLoop(drain) : HandOver);
        errors.Throw();
    }

    private void DrainOnLoop(TimeSpan drain)
    {
        NullContext.RunDetached(() => _drainTimer = loop.CallLater(drain, () => GiveUp(drain)));
        parts.SendNow();
        CloseIfDrained();
    }

    /// <summary>The time is over, whatever is left.</summary>
    private void GiveUp(TimeSpan drain)
    {
        FirstError errors = new(); // a logger may throw, and the stream ends closed
        if (parts.HasHandlers) errors.Catch(() => parts.GiveUpHandlers(drain));
        double seconds = Math.Round(drain.TotalSeconds, 3);
        string why = string.Create(
            CultureInfo.InvariantCulture, $"its socket had no room for them in the {seconds} s that CloseAsync was given");
        errors.Catch(() => CloseNow(null, why));
        errors.Throw();
    }

    /// <summary>The loop will not call us again: what the socket takes now is what is sent.</summary>
    private void HandOver()
    {
        if (!Advance(StreamState.HandingOver)) return;
        try
        {
            parts.SendAll();
        }
        finally
        {
            // also where a reporter throws
            CloseNow(null, "its loop did not run, so that only what its socket took at once was sent");
        }
    }

    private void LeaveProcess()
    {
        if (IsGone) return;
        Advance(StreamState.HandingOver); // what callbacks would still send is refused, so that there is an end
        try
        {
            parts.SendAll();
        }
        finally
        {
            WarnOfUnsent();
            LeaveLoop(); // which may go on for as long as others are waited for
            if (!options.LeaveOpen) Lingering.Close(socket, null);
        }
    }

    private void WarnOfUnsent()
    {
        if (parts.Unsent is > 0 and var count) StreamReports.UnsentAtExit(loop.Logger, owner, count);
    }

    private void LeaveLoop()
    {
        if (loop.IsClosed) return;
        loop.RemoveHandler(socket);
        if (!_drainTimer.IsNone) loop.RemoveTimeout(_drainTimer);
    }

    private void CloseSocket(TimeSpan? linger)
    {
        try
        {
            if (!options.LeaveOpen) Lingering.Close(socket, linger);
        }
        finally
        {
            StreamRegistry.Release(socket, _root!);
        }
    }

    private void RunCloseCallback()
    {
        if (_closeCallback is not { } callback) return;
        _closeCallback = null;
        CallbackOrigin origin = _closeCallbackOrigin!;
        CallbackOrigin? outer = callbacks.Enter(origin);
        try
        {
            callback();
        }
        catch (Exception exception)
        {
            callbacks.Report(exception, origin);
        }
        finally
        {
            callbacks.Exit(outer);
        }
    }

    private void CloseForgotten()
    {
        if (State != StreamState.Open) return; // by somebody's finalizer
        bool wasOpen = !socket.IsClosed;
        string name = StreamReports.TitleOf(owner); // which its socket's end changes
        try
        {
            CloseNow(null);
        }
        finally
        {
            if (wasOpen) StreamReports.Forgotten(loop.Logger, name, _madeBy);
        }
    }

    private void VerifyNotClosed()
    {
        if (IsClosed) ThrowClosed();
    }

    [DoesNotReturn]
    private void ThrowClosed() => throw new ObjectDisposedException(owner.ToString());

    [DoesNotReturn]
    private void ThrowOneWay(string does, string cannot) => throw new InvalidOperationException(
        $"A {socket.Type.ToString().ToUpperInvariant()} socket only {does}: {owner} cannot {cannot}.");
}
