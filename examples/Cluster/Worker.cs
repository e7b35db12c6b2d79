using ZmqLoop;
using ZmqLoop.Streams;

namespace Cluster;

/// <summary>Answers requests, and tells the broker each second that it is there.</summary>
internal sealed class Worker : IDisposable
{
    private readonly ZMQIOLoop _loop;
    private readonly Responder _responder;
    private readonly RequestClient _broker;
    private readonly ZMQStream _events;
    private readonly PeriodicCallback _beat;
    private readonly string _life = Guid.NewGuid().ToString();

    public Worker(ZMQIOLoop loop, string address, string broker, string events)
    {
        _loop = loop;
        _responder = new Responder(ZMQSocket.Create(SocketType.Router), loop);
        _responder.OnRequest("ping", _ => new Message("pong"));
        _responder.OnRequest("square", SquareAsync); // may be carried out twice: with the same result
        _responder.Bind(address);

        _broker = new RequestClient(ZMQSocket.Create(SocketType.Dealer), loop,
            new RequestClientOptions { Requests = new RequestOptions { Timeout = TimeSpan.FromSeconds(1) } });
        _broker.Connect(broker);
        _events = new ZMQStream(ZMQSocket.Create(SocketType.Pub), loop);
        _events.Connect(events);
        _beat = new PeriodicCallback(() => TellAsync("here"), TimeSpan.FromSeconds(1), loop);
    }

    private string Endpoint => _responder.Socket.LastEndpoint;

    public void Run()
    {
        _loop.AddCallback(() => TellAsync("here"));
        _beat.Start();
        _loop.StopOnSignals(async () =>
        {
            await TellAsync("leaving");
            await _responder.FinishAsync(TimeSpan.FromSeconds(20));
        });
        Console.WriteLine($"working at {Endpoint}");
        _loop.Start();
    }

    public void Dispose()
    {
        _beat.Dispose();
        _events.Dispose();
        _broker.Dispose();
        _responder.Dispose();
    }

    private async Task<Message> SquareAsync(ReceivedRequest request, CancellationToken cancelled)
    {
        if (request.Body is not [var frame] || !long.TryParse(frame.Span, out long number))
            throw new RemoteException(RemoteException.BadRequest, "square: a number");
        await _loop.Delay(TimeSpan.FromMilliseconds(20), cancelled); // the work
        _events.Send(new Message("squared", $"{number}", Endpoint));
        return new Message($"{number * number}");
    }

    private async Task TellAsync(string what)
    {
        try
        {
            await _broker.RequestAsync(new Message(what, Endpoint, _life));
        }
        catch (RequestTimeoutException)
        {
            // The broker is away: it hears of us when it is back.
        }
    }
}
