using ZmqLoop;
using ZmqLoop.Streams;

namespace Streams;

internal static class Priorities
{
    public static void Run()
    {
        using LibZmqEngine engine = new();
        using ZMQIOLoop loop = new(engine);
        using ZMQSocket peer = engine.CreateSocket(SocketType.Push);
        using ZMQSocket chief = engine.CreateSocket(SocketType.Push);
        using ZMQStream work = new(engine.CreateSocket(SocketType.Pull), loop, new ZMQStreamOptions { MessagesPerTurn = 10 });
        using ZMQStream control = new(engine.CreateSocket(SocketType.Pull), loop, new ZMQStreamOptions { Priority = 1 });
        Connect(work, peer, "inproc://work");
        Connect(control, chief, "inproc://control");
        for (int i = 0; i < 500; i++) peer.TrySend(new Message("work"));

        // All of it waits already when the word to stop comes: it is heard after ten pieces at the latest.
        int done = 0;
        work.OnRecv(_ =>
        {
            if (++done == 25) chief.TrySend(new Message("stop"));
        });
        control.OnRecv(_ =>
        {
            work.StopOnRecv(); // what waits stays in the socket
            Console.WriteLine($"stopped after {done} of 500");
            loop.Stop();
        });
        loop.Start();
        Console.WriteLine($"thrown away: {work.Discard()}");
    }

    private static void Connect(ZMQStream stream, ZMQSocket sender, string endpoint)
    {
        stream.Bind(endpoint);
        sender.Connect(endpoint);
    }
}
