using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace ZmqLoop;

/// <summary>The sources that a loop watches, each with its handler. Loop's thread, but for <see cref="Count"/>.</summary>
internal sealed class HandlerTable(IPoller poller, ILoopThread loop)
{
    private readonly Dictionary<PollSource, HandlerEntry> _handlers = [];
    // the same handlers by descriptor: a Socket and its number are one source
    private readonly Dictionary<int, HandlerEntry> _descriptors = [];
    private bool _hasPriorities;
    private bool _closing;

    public int Count => _handlers.Count;

    public HandlerEntry[] All => [.. _handlers.Values];

    /// <exception cref="InvalidOperationException">The source has a handler already, or another loop watches it; nothing has
    /// changed.</exception>
    public void Add(HandlerEntry added, IOEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        ThreadAffinity.Check(loop);
        PollSource source = added.Source;
        if (Find(source) is { } owner)
        {
            throw new InvalidOperationException(
                $"{source} has a handler on this loop already: {new CallbackOrigin(CallbackKind.Handler, owner.Callback, owner.Source)}. A "
                + "socket has one owner: first call RemoveHandler, the poller's Remove, or close the stream or proxy that has it.");
        }

        if (added.Scope is { IsCancelled: true } cancelled) throw new ScopeCanceledException(cancelled);
        poller.Register(source, events, added);
        _handlers.Add(source, added);
        if (added.Descriptor >= 0) _descriptors[added.Descriptor] = added;
        added.Scope?.Hold();
        added.Scope?.Track(added);
        _hasPriorities |= added.Priority != 0;
    }

    /// <exception cref="InvalidOperationException">The source has no handler.</exception>
    public void Modify(PollSource source, IOEvents events)
    {
        ArgumentOutOfRangeException.ThrowIfUndefined(events);
        ThreadAffinity.Check(loop);
        HandlerEntry handler =
            Find(source) ?? throw new InvalidOperationException($"{source} has no handler on this loop: call AddHandler first.");
        poller.Modify(handler.Source, events);
    }

    /// <summary>True while the sources are being closed: a source that removes its own handler meanwhile has none any
    /// more.</summary>
    public bool IsClosing => _closing;

    public void Remove(PollSource source)
    {
        ThreadAffinity.Check(loop);
        if (Find(source) is not { } handler) return;
        poller.Unregister(handler.Source);
        Forget(handler);
    }

    /// <summary>Drops a handler whose source the poller has let go of.</summary>
    public void Forget(HandlerEntry handler)
    {
        ThreadAffinity.Check(loop);
        _handlers.Remove(handler.Source);
        if (_descriptors.TryGetValue(handler.Descriptor, out HandlerEntry? present) && ReferenceEquals(present, handler))
            _descriptors.Remove(handler.Descriptor);
        handler.MarkRemoved(); // last: it may complete a scope, whose continuations then run inside of this call
    }

    /// <summary>Puts those with a higher priority first; equals keep their order.</summary>
    public void SortByPriority(ReadyList readyList)
    {
        ThreadAffinity.Check(loop);
        if (!_hasPriorities || readyList.Count < 2) return;
        Span<ReadySource> ready = readyList.Span;
        for (int i = 1; i < ready.Length; i++) // few are ready at once
        {
            ReadySource moved = ready[i];
            int j = i;
            for (; j > 0 && ((HandlerEntry)ready[j - 1].State!).Priority < ((HandlerEntry)moved.State!).Priority; j--)
                ready[j] = ready[j - 1];
            ready[j] = moved;
        }
    }

    /// <summary>Drops all handlers. A source that cannot be closed keeps neither the others nor the loop from closing.</summary>
    /// <param name="closeSources">Whether to close the sources, too.</param>
    /// <param name="report">Gets what a source threw. What it throws itself is thrown at the end.</param>
    public void Close(bool closeSources, Action<Exception, HandlerEntry> report)
    {
        ThreadAffinity.Check(loop);
        HandlerEntry[] handlers = All; // closing one may remove others
        _handlers.Clear();
        _descriptors.Clear();
        _closing = true;
        Exception? escaping = null;
        foreach (HandlerEntry handler in handlers)
        {
            handler.MarkRemoved();
            try
            {
                Close(handler, closeSources, report);
            }
            catch (Exception exception)
            {
                escaping = exception;
            }
        }

        _closing = false;
        if (escaping is not null) ExceptionDispatchInfo.Throw(escaping);
    }

    private void Close(HandlerEntry handler, bool closeSource, Action<Exception, HandlerEntry> report)
    {
        try
        {
            poller.Unregister(handler.Source);
            if (closeSource) Close(handler.Source);
        }
        catch (Exception exception)
        {
            report(exception, handler);
        }
    }

    private static void Close(PollSource source)
    {
        source.ZMQSocket?.Close();
        source.Socket?.Dispose();
        if (source is { ZMQSocket: null, Socket: null, FileDescriptor: >= 0 and int descriptor })
            new SafeFileHandle(descriptor, ownsHandle: true).Dispose();
    }

    /// <summary>The handler of a source, also where that was registered as a Socket and is asked for by its number, or the other way
    /// round.</summary>
    private HandlerEntry? Find(PollSource source)
    {
        if (_handlers.TryGetValue(source, out HandlerEntry? handler)) return handler;
        if (source.FileDescriptor is not (>= 0 and int descriptor)) return null;

        // A Socket closed behind the loop's back has no descriptor any more: its number may be somebody else's by now.
        return _descriptors.TryGetValue(descriptor, out handler) && handler.Source.FileDescriptor == descriptor ? handler : null;
    }
}
