using System.Net;
using System.Net.Sockets;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Wire;

/// <summary>Sockets of every type connect to servers that are strangers; beside them the same process serves a healthy client.</summary>
internal static class ClientsCase
{
    private const double Patience = 30;
    private const double Soon = 1;
    private const int InputsOfPush = 500;
    private const string KnownEnd = "zmtp_engine.cpp"; // a client that closes while a server of ZMTP 1 or 2 greets it

    private static readonly string[] _types = ["ROUTER", "REP", "PULL", "PUB", "XPUB", "DEALER", "SUB", "XSUB", "PUSH", "REQ"];

    public static Task Run(Arena arena)
    {
        string[] types = arena.IsNetMQ ? _types : [.. _types, "CURVE"];
        Lane[] lanes = [.. types.Select((type, number) => new Lane(type, arena.RandomFor(number)))];
        Socket[] listeners = [.. types.Select(_ => Listen())];
        using ZMQEngine engine = arena.CreateEngine();
        ServiceProcess service = Start();
        HealthyClient healthy = new(engine, $"tcp://127.0.0.1:{service.Ports["healthy"]}");
        long sent = 0;
        long replaced = 0;
        long ends = 0;
        Go(all => all < arena.Or(50, 3) * types.Length);
        sent = 0;
        arena.BeginMeasuring(service.Footprint);
        while (arena.GoesOn(sent) && arena.Result.Crashed < 5)
        {
            Go(arena.GoesOn);
            if (!service.HasExited) break;
            arena.Result.Crashed++;
            if (service.Errors.Contains(KnownEnd, StringComparison.Ordinal))
            {
                ends++;
                arena.Result.Crashed--;
                Restart();
                continue;
            }

            arena.Fail($"The process ended: {service.Errors}");
            arena.Keep($"end-{arena.Result.Crashed}", lanes.SelectMany(static lane => lane.Last));
            Restart();
        }

        arena.Result.Count = sent;
        if (!healthy.IsAnswered()) arena.Result.Hung++;
        if (arena.Result.Crashed == 0)
        {
            foreach (string type in types) service.Again(type); // a PUB has what its servers subscribed to for as long as it lives
            arena.EndMeasuring(service.Footprint);
        }

        arena.Result.Note = $"{lanes.Sum(static lane => lane.Answers)} kinds of answers; {healthy.Answers} healthy answers,"
            + $" the slowest after {healthy.Slowest.TotalMilliseconds:0} ms; {replaced} sockets replaced";
        if (ends > 0) arena.Result.Note += $", {ends} ends of the process in {KnownEnd}: docs/upstream.md";
        healthy.Dispose();
        service.Dispose();
        return Task.CompletedTask;

        void Restart()
        {
            healthy.Dispose();
            service.Dispose();
            service = Start();
            healthy = new HealthyClient(engine, $"tcp://127.0.0.1:{service.Ports["healthy"]}");
        }

        ServiceProcess Start() => ServiceProcess.Start(
            arena.Engine, "clients", [.. types.Select((type, i) => $"{type}={((IPEndPoint)listeners[i].LocalEndPoint!).Port}")]);

        bool IsConnected(Lane lane, Socket listener)
        {
            if (Pause.Until(() => Comes(listener), Soon) && !service.HasExited) return true;
            if (service.HasExited) return false;
            if (!arena.IsNetMQ) // libzmq does not go back to a server that broke the protocol, and does not always say so
            {
                service.Again(lane.Target);
                Interlocked.Increment(ref replaced);
            }

            if (Pause.Until(() => Comes(listener), Patience)) return !service.HasExited;
            arena.Result.Hung++;
            arena.Fail($"{lane.Target} has not connected for {Patience} s, after {lane.Last.LastOrDefault()}");
            return false;
        }

        bool Comes(Socket listener) => listener.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead) || service.HasExited;

        void Go(Func<long, bool> goesOn)
        {
            Thread[] threads = [.. lanes.Select((lane, i) => new Thread(() => Serve(lane, listeners[i])) { IsBackground = true })];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();

            void Serve(Lane lane, Socket listener)
            {
                for (int i = 1; goesOn(Interlocked.Read(ref sent)) && !service.HasExited; i++)
                {
                    // A PUSH that has got a thousand messages, which it never reads, notices the end of a connection only when it sends.
                    if (lane.Target == "PUSH" && i % InputsOfPush == 0) service.Again(lane.Target);
                    if (!IsConnected(lane, listener)) return;
                    using Socket one = listener.Accept();
                    one.NoDelay = true;
                    HostileInput input = lane.Next();
                    try
                    {
                        lane.Learn(input, Exchange.Talk(one, input));
                    }
                    catch (TimeoutException exception)
                    {
                        arena.Result.Hung++;
                        arena.Fail(exception.Message);
                    }

                    Interlocked.Increment(ref sent);
                }
            }
        }
    }

    private static Socket Listen()
    {
        Socket listener = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(100);
        return listener;
    }
}
