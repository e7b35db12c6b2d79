using ZmqLoop;
using ZmqLoop.Streams;

namespace Cluster;

/// <summary>A worker, as the broker sees it.</summary>
internal sealed class Member : IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    public Member(string endpoint, Frame life, ZMQIOLoop loop)
    {
        Life = life;
        Gone = _gone.Token;
        // An answer that got lost with its connection is asked for again; longer than the longest work takes.
        Client = new RequestClient(ZMQSocket.Create(SocketType.Dealer), loop, new RequestClientOptions
        {
            Name = endpoint,
            Requests = new RequestOptions { Timeout = Timeout.InfiniteTimeSpan, Retries = 100, TryTimeout = TimeSpan.FromSeconds(10) },
        });
        Client.Connect(endpoint);
    }

    public RequestClient Client { get; }

    public Frame Life { get; }

    public CancellationToken Gone { get; }

    public bool IsLeaving { get; set; }

    public double LastSeen { get; set; }

    public int Load => Client.InFlight + Client.Waiting;

    public void Dispose()
    {
        _gone.Cancel(); // first, so that whoever waits hears that the worker is gone, and not that its client is closed
        Client.Dispose();
        _gone.Dispose();
    }
}
