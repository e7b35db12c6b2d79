using ZmqLoop;
using ZmqLoop.Streams;

namespace Cluster;

internal static class Watch
{
    /// <summary>Shows what the workers publish, whichever of them are there.</summary>
    public static void Run(ZMQIOLoop loop, string events)
    {
        using ZMQStream stream = new(ZMQSocket.Create(SocketType.Sub), loop);
        stream.Connect(events);
        stream.Subscribe("squared");
        stream.OnRecv(message => Console.WriteLine($"event: {message}"));
        loop.StopOnSignals();
        loop.Start();
    }
}
