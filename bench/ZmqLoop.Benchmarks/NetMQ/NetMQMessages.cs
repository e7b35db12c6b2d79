using NetMQ;
using NetMQ.Sockets;

namespace ZmqLoop.Benchmarks;

/// <summary>Messages through NetMQ. Into one <see cref="Msg"/>, which is its fastest way.</summary>
internal static class NetMQMessages
{
    public const int Drain = 1_000; // as its own documentation advises, a handler comes back to the poller now and then

    /// <param name="seconds">How long it measures.</param>
    /// <param name="endpoint">Where it binds.</param>
    /// <param name="highWaterMark">Of messages received.</param>
    /// <param name="anEvent">How many messages a ReceiveReady handler takes: all that there are, or one, as NetMQ's documentation shows it.
    /// Null: there is no poller.</param>
    public static void Receive(double seconds, string endpoint, int highWaterMark, int? anEvent)
    {
        using PullSocket socket = new();
        socket.Options.ReceiveHighWatermark = highWaterMark;
        BindAndTell(socket, endpoint);
        MessageWindow window = new(seconds);
        Msg msg = default;
        msg.InitEmpty();
        if (anEvent is not { } most)
        {
            do ReceiveRest(socket, ref msg, TimeSpan.FromMinutes(1));
            while (!window.Count());
            return;
        }

        using NetMQPoller poller = [socket];
        socket.ReceiveReady += (_, _) =>
        {
            for (int i = 0; i < most && ReceiveRest(socket, ref msg, TimeSpan.Zero); i++)
            {
                if (!window.Count()) continue;
                poller.StopAsync();
                return;
            }
        };
        poller.Run();
    }

    public static void Send(double seconds, string endpoint, int size, int frames, int highWaterMark)
    {
        using PushSocket socket = new();
        socket.Options.SendHighWatermark = highWaterMark;
        socket.Options.Linger = TimeSpan.Zero;
        socket.Connect(endpoint);
        MessageWindow window = new(seconds);
        byte[] body = new byte[size];
        do
        {
            for (int frame = 1; frame <= frames; frame++) socket.SendFrame(body, more: frame < frames);
        }
        while (!window.Count());
    }

    public static void Echo(string endpoint)
    {
        using DealerSocket socket = new();
        BindAndTell(socket, endpoint);
        using NetMQPoller poller = [socket];
        Msg msg = default;
        msg.InitEmpty();
        socket.ReceiveReady += (_, _) =>
        {
            while (socket.TryReceive(ref msg, TimeSpan.Zero)) socket.Send(ref msg, msg.HasMore);
        };
        poller.Run();
    }

    private static bool ReceiveRest(PullSocket socket, ref Msg msg, TimeSpan timeout)
    {
        if (!socket.TryReceive(ref msg, timeout)) return false;
        while (msg.HasMore) socket.Receive(ref msg);
        return true;
    }

    private static void BindAndTell(NetMQSocket socket, string endpoint)
    {
        socket.Bind(endpoint);
        Console.WriteLine("bound " + socket.Options.LastEndpoint);
    }
}
