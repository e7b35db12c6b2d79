using ZmqLoop;
using ZmqLoop.Streams;

namespace Cluster;

/// <summary>Gives each request to the least busy worker, and to another one where that dies before it has answered.</summary>
internal sealed class Broker : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Member> _members = [];
    private readonly ZMQIOLoop _loop;
    private readonly Responder _requests;
    private readonly Responder _workers;
    private readonly ZMQProxy _events;
    private readonly PeriodicCallback _sweep;
    private TaskCompletionSource _joined = new();

    public Broker(ZMQIOLoop loop, string requests, string workers, string eventsIn, string eventsOut)
    {
        _loop = loop;
        // As many requests are accepted and held here; the next ones wait with their clients.
        _requests = new Responder(ZMQSocket.Create(SocketType.Router), loop, new ResponderOptions
        {
            Name = "requests", MaxConcurrency = 10_000, HandlerTimeout = TimeSpan.FromMinutes(5), HandlerWarning = TimeSpan.FromMinutes(1),
        });
        _requests.OnRequest("ping", _ => new Message("pong"));
        _requests.OnRequest(ForwardAsync);
        _requests.Bind(requests);

        _workers = new Responder(ZMQSocket.Create(SocketType.Router), loop, new ResponderOptions { Name = "workers" });
        _workers.OnRequest("here", Here);
        _workers.OnRequest("leaving", Leaving);
        _workers.Bind(workers);
        _sweep = new PeriodicCallback(Sweep, TimeSpan.FromSeconds(0.5), loop);
        _sweep.Start();

        ZMQSocket publishers = ZMQSocket.Create(SocketType.XSub);
        ZMQSocket subscribers = ZMQSocket.Create(SocketType.XPub);
        publishers.Bind(eventsIn);
        subscribers.Bind(eventsOut);
        _events = new ZMQProxy(publishers, subscribers, loop: loop);

        loop.StopOnSignals(() => _requests.FinishAsync(TimeSpan.FromSeconds(20)));
        Console.WriteLine($"requests at {_requests.Socket.LastEndpoint}");
        Console.WriteLine($"workers at {_workers.Socket.LastEndpoint}");
        Console.WriteLine($"events in at {publishers.LastEndpoint}");
        Console.WriteLine($"events out at {subscribers.LastEndpoint}");
    }

    public void Dispose()
    {
        _sweep.Dispose();
        _events.Dispose();
        _workers.Dispose();
        _requests.Dispose();
        foreach (Member member in _members.Values) member.Dispose();
    }

    private async Task<Message> ForwardAsync(ReceivedRequest request, CancellationToken cancelled)
    {
        Frame[] body = request.Body.ToArray();
        while (true)
        {
            Member member = await LeastBusyAsync(cancelled);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancelled, member.Gone);
            try
            {
                return await member.Client.RequestAsync(new Message(body), either.Token);
            }
            catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
            {
                // It died with this request, or before it: whether it has carried it out nobody knows. Another one gets it.
            }
            catch (RemoteException error) when (error.Code == RemoteException.Closing)
            {
                member.IsLeaving = true;
            }
        }
    }

    private async Task<Member> LeastBusyAsync(CancellationToken cancelled)
    {
        while (true)
        {
            if (_members.Values.Where(member => !member.IsLeaving).MinBy(member => member.Load) is { } member) return member;
            await _joined.Task.WaitAsync(cancelled);
        }
    }

    /// <summary>A worker says each second where it is, and which of its lives this is: one that came back at the same place has forgotten
    /// what its predecessor was given.</summary>
    private Message Here(ReceivedRequest said)
    {
        if (said.Body is not [var endpoint, var life]) throw new RemoteException(RemoteException.BadRequest, "here: endpoint, life");
        string at = endpoint.ToText();
        if (_members.TryGetValue(at, out Member? member) && member.Life != life)
        {
            Remove(at, "came back");
            member = null;
        }

        if (member is null)
        {
            _members[at] = member = new Member(at, life, _loop);
            Console.WriteLine($"worker {at} joined");
            TaskCompletionSource joined = _joined;
            _joined = new TaskCompletionSource();
            joined.SetResult();
        }

        member.LastSeen = _loop.Time();
        return new Message("welcome");
    }

    /// <summary>It gets nothing more, and ends what it has.</summary>
    private Message Leaving(ReceivedRequest said)
    {
        if (said.Body is [var endpoint, ..] && _members.TryGetValue(endpoint.ToText(), out Member? member)) member.IsLeaving = true;
        return new Message("farewell");
    }

    private void Sweep()
    {
        foreach ((string at, Member member) in _members.ToArray())
        {
            if (_loop.Time() - member.LastSeen > s_patience.TotalSeconds) Remove(at, "is gone");
        }
    }

    private void Remove(string at, string why)
    {
        Console.WriteLine($"worker {at} {why}: {_members[at].Load} requests go to others");
        if (_members.Remove(at, out Member? member)) member.Dispose();
    }
}
