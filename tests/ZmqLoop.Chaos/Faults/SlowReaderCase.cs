using System.Net;
using System.Net.Sockets;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>Peers that shake hands and never read: the others get everything, and the memory for those who do not has an end.</summary>
internal static class SlowReaderCase
{
    private const int Row = 100;
    private const long MostQueued = 2_000;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        byte[] filler = new byte[2_000];
        ZMQStream publisher = host.Open(SocketType.Pub);
        int port = host.Do(() => publisher.BindToRandomPort("tcp://127.0.0.1"));
        ZMQStream pusher = host.Open(
            SocketType.Push, options: new ZMQStreamOptions { SendQueueLimit = 1_000, SendQueueFullMode = SendQueueFullMode.DropNewest });
        int pushPort = host.Do(() => pusher.BindToRandomPort("tcp://127.0.0.1"));
        using Socket deafSubscriber = Deaf(port, "SUB", [1]);
        using Socket deafWorker = Deaf(pushPort, "PULL", null);
        long received = 0;
        long published = 0;
        ZMQStream reader = host.Open(SocketType.Sub, stream =>
        {
            stream.Subscribe("");
            stream.OnRecv(_ => Interlocked.Increment(ref received));
            stream.Connect($"tcp://127.0.0.1:{port}");
        });
        if (!Pause.Until(() => Publish() && received > 0, 20)) arena.Fail("The one who reads gets nothing.");
        while (published < arena.Or(10_000, 500)) Publish();
        arena.BeginMeasuring();
        while (arena.GoesOn(published))
        {
            long before = received;
            Publish();
            if (Pause.Until(() => received > before, 20)) continue;
            arena.Result.Hung++;
            arena.Fail("The one who reads gets nothing any more.");
            break;
        }

        if (host.Do(() => pusher.SendQueueLength) > MostQueued) arena.Fail("The send queue has grown beyond its limit.");
        arena.Result.Count = published;
        arena.EndMeasuring();
        GC.KeepAlive(reader);
        return Task.CompletedTask;

        bool Publish()
        {
            host.Do(() =>
            {
                for (int i = 0; i < Row; i++)
                {
                    publisher.Send(filler);
                    pusher.Send(filler, static (_, _) => { });
                }
            });
            published += Row;
            return true;
        }
    }

    private static Socket Deaf(int port, string type, byte[]? subscription)
    {
        Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        socket.ReceiveBufferSize = 4096;
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        socket.Send(Zmtp.Handshake(type));
        if (subscription is not null) socket.Send(Zmtp.Message(subscription));
        return socket;
    }
}
