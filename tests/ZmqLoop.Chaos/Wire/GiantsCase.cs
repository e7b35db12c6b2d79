using System.Net;
using System.Net.Sockets;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Wire;

/// <summary>Messages of a million empty frames, which a stream drops; a healthy client is served meanwhile.</summary>
internal static class GiantsCase
{
    private const int Frames = 1_000_000;

    private static readonly byte[] _handshake = Zmtp.Handshake("DEALER");

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using ServiceProcess service = ServiceProcess.Start(arena.Engine, "targets");
        using HealthyClient healthy = new(engine, $"tcp://127.0.0.1:{service.Ports["healthy"]}");
        byte[] giant = Giant(arena.Or(Frames, Frames / 20));
        long received = 0;
        Give();
        arena.BeginMeasuring(service.Footprint);
        long given = 0;
        while (arena.GoesOn(given))
        {
            Give();
            given++;
            if (healthy.IsAnswered()) continue;
            arena.Result.Hung++;
            arena.Fail("The healthy client is not served.");
            break;
        }

        arena.Result.Count = given;
        arena.Result.LetIn = service.Ask().Received.GetValueOrDefault("ROUTER") - received;
        arena.EndMeasuring(service.Footprint);
        arena.Result.Note = $"{healthy.Answers} healthy answers, the slowest after {healthy.Slowest.TotalMilliseconds:0} ms";
        return Task.CompletedTask;

        // Then a small one, whose answer comes when the giant has been dropped.
        void Give()
        {
            using Socket socket = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(new IPEndPoint(IPAddress.Loopback, service.Port("ROUTER")));
            received++;
            byte[] answer = new byte[4096];
            socket.ReceiveTimeout = 30_000;
            try
            {
                socket.Send(_handshake);
                while (answer.AsSpan().IndexOf("READY"u8) < 0 && socket.Receive(answer) > 0)
                {
                    // libzmq does not listen to who does not wait for it.
                }

                socket.Send(giant);
                socket.Send(Zmtp.Message("small"u8));
                while (answer.AsSpan().IndexOf("small"u8) < 0 && socket.Receive(answer) > 0)
                {
                    // What was left of the handshake, before.
                }
            }
            catch (SocketException exception)
            {
                if (Pause.Until(() => service.HasExited, 2)) arena.Result.Crashed++;
                arena.Fail($"After a giant, the connection: {exception.Message} {service.Errors}");
            }
        }
    }

    private static byte[] Giant(int frames)
    {
        byte[] giant = new byte[2 * frames];
        for (int i = 0; i < giant.Length - 2; i += 2) giant[i] = 1; // and its length, 0
        return giant;
    }
}
