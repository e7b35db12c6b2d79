using System.Net.Sockets;
using NetMQ;
using ZmqLoop.Interop;

namespace ZmqLoop.Polling;

/// <summary>Everywhere: NetMQ's own selector over all sources.</summary>
/// <remarks>The selector knows no errors of plain sockets: it passes over one and waits on, in a hot loop where the system will not wait
/// for such a socket. So while there are plain sockets it waits in short pieces, and the errors are looked for in between.</remarks>
internal class SelectorPoller : LevelPoller
{
    private const int Piece = 20; // milliseconds
    private const int MaxFailures = 16; // in a row

    private readonly NetMQSelector _selector = new();
    private readonly List<Socket> _failed = [];
    private NetMQSelector.Item[] _items = new NetMQSelector.Item[16];
    private int _plainSockets;
    private int _failures;

    public SelectorPoller() : this(new LoopbackWaker())
    {
    }

    private SelectorPoller(LoopbackWaker waker) : base(waker, typeof(NetMQSocketAdapter)) =>
        _items[0] = new NetMQSelector.Item(waker.Socket, PollEvents.PollIn);

    protected override string Name => "selector";

    protected override void AddItem(Registration registration)
    {
        int index = Watched.Count + 1;
        if (index == _items.Length) Array.Resize(ref _items, index * 2);
        _items[index] = MakeItem(registration);
        if (registration.Socket is null) _plainSockets++;
    }

    protected override void ChangeItem(int index, Registration registration) => _items[index] = MakeItem(registration);

    protected override void MoveLastItem(int last, int index)
    {
        if (Watched[index - 1].Socket is null) _plainSockets--;
        _items[index] = _items[last];
        _items[last] = null!;
    }

    protected override bool Ask(int milliseconds)
    {
        bool found = TrySelect(milliseconds);
        for (int i = 0; i < Watched.Count; i++)
            Watched[i].Known = found ? EventConversions.FromZeroMQ((int)_items[i + 1].ResultEvent) : IOEvents.None;
        if (_plainSockets > 0) FindFailed();
        return found && _items[0].ResultEvent != PollEvents.None;
    }

    /// <summary>For tests, which make it fail.</summary>
    protected virtual bool Select(NetMQSelector.Item[] items, int count, int milliseconds) => _selector.Select(items, count, milliseconds);

    private bool TrySelect(int milliseconds)
    {
        if (_plainSockets > 0 && (milliseconds < 0 || milliseconds > Piece)) milliseconds = Piece;
        try
        {
            bool found = Select(_items, Watched.Count + 1, milliseconds);
            _failures = 0;
            return found;
        }
        catch (TerminatingException exception)
        {
            throw exception.Translate("Waiting");
        }
        catch (ObjectDisposedException)
        {
            FindDisposed(); // by another thread, or by code that did not ask us
            if (!HasLost && ++_failures > MaxFailures) throw;
            return false;
        }
        catch (Exception exception) when (exception is NetMQException or SocketException)
        {
            // An interrupted call, or a socket that was just closing: it passes, or it is none of those.
            if (++_failures > MaxFailures) throw exception.Translate("Waiting");
            return false;
        }
    }

    private void FindFailed()
    {
        _failed.Clear();
        foreach (Registration registration in Watched)
        {
            if (registration.Source.Socket is { } socket && !registration.IsDisposed) _failed.Add(socket);
        }

        if (_failed.Count == 0) return;
        try
        {
            Socket.Select(null, null, _failed, 0);
        }
        catch (ObjectDisposedException)
        {
            FindDisposed();
            return;
        }
        catch (SocketException)
        {
            return; // next time
        }

        if (_failed.Count == 0) return;
        foreach (Registration registration in Watched)
        {
            if (registration.Source.Socket is { } socket && _failed.Contains(socket)) registration.Known |= IOEvents.Failed;
        }
    }

    private static NetMQSelector.Item MakeItem(Registration registration)
    {
        var events = (PollEvents)registration.Interest.ToZeroMQ();
        if (registration.Socket is NetMQSocketAdapter adapter) return new NetMQSelector.Item(adapter.Inside, events);
        if (registration.Source.Socket is { } socket) return new NetMQSelector.Item(socket, events);
        throw new NotSupportedException(
            $"NetMQ's selector watches sockets only, and {registration.Source} is none: wrap it in a Socket where it is one.");
    }
}
