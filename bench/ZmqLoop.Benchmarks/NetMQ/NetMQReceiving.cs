using System.Diagnostics;
using System.Globalization;
using NetMQ;
using NetMQ.Sockets;
using ZmqLoop.Streams;

namespace ZmqLoop.Benchmarks;

/// <summary>Processor time of the receiving thread for one message of 100 bytes, over tcp from another process.</summary>
internal static class NetMQReceiving
{
    private const int Messages = 500_000;
    private const int HighWaterMark = 10_000;

    public static (string Name, Func<double> Run)[] Ways =>
    [
        ("bare", static () => Measure(Bare)),
        ("NetMQPoller, one receive per ReceiveReady", static () => Measure(OwnPoller)),
        ("the same handler on NetMQLoopPoller", static () => Measure(LoopPoller)),
        ("a handler of the loop that drains up to 64", static () => Measure(Handler)),
        ("ZMQStream over epoll", static () => Measure(static (socket, received) => Stream(socket, received, NetMQPollerKind.Epoll))),
        ("ZMQStream over the selector", static () => Measure(static (socket, received) => Stream(socket, received, NetMQPollerKind.Selector))),
    ];

    public static void Send(string endpoint, int count)
    {
        using PushSocket socket = new();
        socket.Options.SendHighWatermark = HighWaterMark;
        socket.Options.Linger = TimeSpan.FromSeconds(20);
        socket.Connect(endpoint);
        byte[] bytes = new byte[100];
        for (int i = 0; i < count; i++) socket.SendFrame(bytes);
        Console.ReadLine(); // lingering is no promise: the receiver says when it has them all
    }

    private static double Measure(Action<PullSocket, Func<bool>> way)
    {
        using PullSocket socket = new();
        socket.Options.ReceiveHighWatermark = HighWaterMark;
        int port = socket.BindRandomPort("tcp://127.0.0.1");
        string[] arguments = [typeof(NetMQReceiving).Assembly.Location, "netmq", "send", $"tcp://127.0.0.1:{port}", Messages.ToString(CultureInfo.InvariantCulture)];
        using Process sender = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true })!;
        double start = 0;
        double nanoseconds = 0;
        int left = Messages;
        way(socket, () =>
        {
            if (left == Messages) start = ThreadClock.Nanoseconds;
            if (--left > 0) return true;
            nanoseconds = ThreadClock.Nanoseconds - start;
            return false;
        });
        sender.StandardInput.Close();
        sender.WaitForExit();
        return nanoseconds / Messages;
    }

    private static void Bare(PullSocket socket, Func<bool> received)
    {
        Msg msg = default;
        msg.InitEmpty();
        do socket.Receive(ref msg);
        while (received());
        msg.Close();
    }

    private static void OwnPoller(PullSocket socket, Func<bool> received)
    {
        using NetMQPoller poller = [socket];
        Receive(socket, received, poller);
        poller.Run();
    }

    private static void LoopPoller(PullSocket socket, Func<bool> received)
    {
        using NetMQLoopPoller poller = [];
        poller.Add(socket);
        Receive(socket, received, poller);
        poller.Run();
    }

    private static void Receive(PullSocket socket, Func<bool> received, INetMQPoller poller)
    {
        Msg msg = default;
        msg.InitEmpty();
        socket.ReceiveReady += (_, _) =>
        {
            socket.Receive(ref msg);
            if (!received()) poller.StopAsync();
        };
    }

    private static void Handler(PullSocket socket, Func<bool> received)
    {
        using NetMQEngine engine = new();
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        NetMQSocketAdapter adapter = socket.AsZMQSocket();
        Message message = new();
        loop.AddHandler(
            adapter,
            (_, _) =>
            {
                for (int i = 0; i < 64 && adapter.TryReceive(message); i++)
                {
                    if (!received()) loop.Stop();
                }
            },
            IOEvents.Read);
        loop.Start();
    }

    private static void Stream(PullSocket socket, Func<bool> received, NetMQPollerKind kind)
    {
        using NetMQEngine engine = new(new NetMQEngineOptions { Poller = kind });
        using ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        using ZMQStream stream = new(socket.AsZMQSocket(), loop);
        stream.OnRecv(
            _ =>
            {
                if (!received()) loop.Stop();
            },
            copy: false);
        loop.Start();
    }
}
