using ZmqLoop;
using ZmqLoop.Streams;

namespace Devices;

internal static class Broker
{
    public static void Run()
    {
        ZMQIOLoop loop = ZMQIOLoop.Install();
        ZMQSocket front = ZMQSocket.Create(SocketType.Router);
        ZMQSocket back = ZMQSocket.Create(SocketType.Dealer);
        ZMQSocket watched = ZMQSocket.Create(SocketType.Pub);
        front.Bind("tcp://127.0.0.1:*");
        back.Bind("inproc://workers");
        watched.Bind("inproc://watched");
        string endpoint = front.LastEndpoint;
        using ZMQProxy proxy = ZMQProxy.MonitoredQueue(front, back, watched); // begins at once, and owns the three sockets

        using ZMQStream watcher = new(ZMQSocket.Create(SocketType.Sub));
        watcher.Connect("inproc://watched");
        watcher.Subscribe("");
        watcher.OnRecv(message => Console.WriteLine($"{message[0].ToText()} {message[^1].ToText()}"));

        using ZMQStream worker = new(ZMQSocket.Create(SocketType.Rep));
        worker.Connect("inproc://workers");
        worker.OnRecv(request => worker.Send(request[0].ToText().ToUpperInvariant()));

        using ZMQStream client = new(ZMQSocket.Create(SocketType.Req));
        client.Connect(endpoint);
        client.OnRecv(_ => loop.CallLater(0.1, loop.Stop));
        loop.CallLater(0.1, () => client.Send("hello")); // a PUB drops what comes before its subscriber
        loop.Start();
        Console.WriteLine($"forwarded {proxy.Statistics.MessagesIn} and {proxy.Statistics.MessagesOut}");
    }
}
