using ZmqLoop;
using ZmqLoop.Streams;

namespace Devices;

internal static class Watching
{
    public static void Run()
    {
        ZMQIOLoop loop = ZMQIOLoop.Install();
        using ZMQStream server = new(ZMQSocket.Create(SocketType.Rep));
        using SocketMonitor monitor = new(server.Socket);
        using ZMQStream client = new(ZMQSocket.Create(SocketType.Req));
        monitor.OnEvent(happened =>
        {
            Console.WriteLine(happened.Event);
            if (happened.Event == ZMQSocketEvents.Disconnected) server.Close();
            if (happened.Event == ZMQSocketEvents.MonitorStopped) loop.Stop(); // always the last one
        });
        server.Bind("tcp://127.0.0.1:*");
        server.OnRecv(_ => client.Close());
        client.Connect(server.Socket.LastEndpoint);
        client.Send("hello");
        loop.Start();
    }
}
