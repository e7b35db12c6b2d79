using System.Net;
using System.Net.Sockets;
using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Faults;

/// <summary>More strangers than a service may have descriptors, again and again: it lives, those who are in are served, and when the
/// strangers have gone others come in.</summary>
internal static class DescriptorsCase
{
    private const int Limit = 260;
    private const int Strangers = 300;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        string limit = $"ulimit -n {Limit} && exec \"$@\"";
        using ServiceProcess service = ServiceProcess.Start(arena.Engine, "requests", wrapper: ["/bin/sh", "-c", limit, "sh"]);
        string endpoint = $"tcp://127.0.0.1:{service.Ports["requests"]}";
        using PersistentClient early = new(engine, endpoint);
        early.IsAnswered();
        if (!arena.IsShort) Round(); // what is loaded only then
        arena.BeginMeasuring(service.Footprint);
        long rounds = 0;
        while (arena.GoesOn(rounds) && arena.Result.Hung + arena.Result.Crashed == 0)
        {
            Round();
            rounds++;
        }

        early.Stop();
        arena.Result.Count = rounds;
        early.Conclude(arena.Result);
        if (arena.Result.Crashed == 0) arena.EndMeasuring(service.Footprint);
        return Task.CompletedTask;

        void Round()
        {
            List<Socket> strangers = [];
            for (int i = 0; i < Strangers; i++)
            {
                Socket one = new(AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                strangers.Add(one);
                try
                {
                    one.Connect(new IPEndPoint(IPAddress.Loopback, service.Port("requests")));
                }
                catch (SocketException)
                {
                    // Under way, or refused.
                }
            }

            Check(early, "who was in before");
            foreach (Socket one in strangers) one.Dispose();
            using PersistentClient late = new(engine, endpoint);
            Check(late, "who came after");
        }

        void Check(PersistentClient client, string who)
        {
            if (client.IsAnswered()) return;
            if (service.HasExited) arena.Result.Crashed++;
            else arena.Result.Hung++;
            arena.Fail($"Without descriptors, {who} is not served. {service.Errors}");
        }
    }
}
