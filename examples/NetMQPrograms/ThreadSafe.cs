using NetMQ;
using NetMQ.Sockets;
using ZmqLoop;

namespace NetMQPrograms;

internal static class ThreadSafe
{
    public static void Run()
    {
        ZMQIOLoop loop = ZMQIOLoop.Install();
        using ServerSocket server = new();
        using ClientSocket client = new();
        client.Connect($"tcp://127.0.0.1:{server.BindRandomPort("tcp://127.0.0.1")}");
        loop.RunSync(async () =>
        {
            Task serving = ServeAsync(server, loop);
            foreach (string text in (string[])["hello", "again"])
            {
                await client.SendAsync(text);
                Console.WriteLine(await client.ReceiveStringAsync());
            }

            await serving;
        });
    }

    private static async Task ServeAsync(ServerSocket server, ZMQIOLoop loop)
    {
        for (int i = 0; i < 2; i++)
        {
            (uint peer, string text) = await server.ReceiveStringAsync(); // a thread of NetMQ's waits, and this goes on on the loop's
            await server.SendAsync(peer, $"{text} from {(loop.CheckAccess() ? "the loop" : "elsewhere")}");
        }
    }
}
