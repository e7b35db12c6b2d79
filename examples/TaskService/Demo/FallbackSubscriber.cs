using System.Text.Json;
using ZmqLoop;

namespace TaskService.Demo;

/// <summary>What <c>subscriber.py</c> is, in .NET.</summary>
internal static class FallbackSubscriber
{
    public static int Run(string endpoint)
    {
        using ZMQSocket socket = ZMQSocket.Create(SocketType.Sub);
        socket.Subscribe("");
        socket.Connect(endpoint);
        ZMQPoller poller = new();
        poller.Register(socket, IOEvents.Read);
        Tell(new Report { Event = "ready" });
        Dictionary<string, int> heard = [];
        while (!heard.ContainsKey("stopped") && poller.Poll(30).Count > 0)
        {
            while (socket.TryReceive(out Message? message))
            {
                string topic = message[0].ToText();
                heard[topic] = heard.GetValueOrDefault(topic) + 1;
            }
        }

        Tell(new Report { Event = "done", Heard = heard });
        return 0;
    }

    private static void Tell(Report report) => Console.WriteLine(JsonSerializer.Serialize(report, ReportJson.Default.Report));
}
