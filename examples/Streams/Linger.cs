using ZmqLoop;
using ZmqLoop.Streams;

namespace Streams;

internal static class Linger
{
    public static void Run()
    {
        Send(TimeSpan.Zero);
        Send(TimeSpan.FromSeconds(10));
    }

    private static void Send(TimeSpan linger)
    {
        using LibZmqEngine far = new(); // as if in another process
        using ZMQSocket receiver = far.CreateSocket(SocketType.Pull);
        string endpoint = $"tcp://127.0.0.1:{receiver.BindToRandomPort("tcp://127.0.0.1", 20_000, 30_000)}"; // none that others are given
        receiver.Unbind(endpoint); // its program is not running yet

        using (LibZmqEngine engine = new(new LibZmqEngineOptions { DisposeTimeout = TimeSpan.FromSeconds(10) }))
        {
            using ZMQIOLoop loop = new(engine);
            using ZMQStream sender = new(engine.CreateSocket(SocketType.Push), loop);
            sender.Connect(endpoint);
            loop.RunSync(() => sender.SendAsync(new Message("news"))); // libzmq took it, and has nobody to give it to
            sender.Close(linger);
            receiver.Bind(endpoint); // now somebody is there
        } // the engine waits for what lingers

        SpinWait.SpinUntil(() => (receiver.Events & IOEvents.Read) != 0, TimeSpan.FromSeconds(1));
        Console.WriteLine($"linger {linger.TotalSeconds}: {(receiver.TryReceive(out _) ? "delivered" : "given up")}");
    }
}
