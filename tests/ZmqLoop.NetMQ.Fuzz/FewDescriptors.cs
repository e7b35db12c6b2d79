using ZmqLoop.Streams;

namespace ZmqLoop.Fuzz;

/// <summary>More strangers than descriptors, several times, and everybody is served when they have gone.</summary>
internal static class FewDescriptors
{
    private const int Rounds = 3;
    private const int Count = 200;

    public static async Task<int> RunAsync()
    {
        await using GuardWorld world = new();
        int port = world.Serve();
        world.AskAllTheTime(port);
        for (int round = 0; round < Rounds; round++)
        {
            long before = world.Contained("listener");
            using Strangers strangers = await Strangers.StartAsync(port, Count);
            Deadline.WaitUntil(() => world.Contained("listener") > before, world.Describe);
            world.WaitForAnswer();
            strangers.Leave();
            ZMQStream latecomer = world.Open(SocketType.Dealer);
            bool answered = false;
            world.Do(() =>
            {
                latecomer.OnRecv(_ => Volatile.Write(ref answered, true));
                latecomer.Connect($"tcp://127.0.0.1:{port}");
                latecomer.Send("any room?");
                return true;
            });
            Deadline.WaitUntil(() => Volatile.Read(ref answered), world.Describe);
        }

        Console.WriteLine($"refused {world.Contained("listener")} times; {world.Answers} answers, the slowest after {world.Slowest}");
        return world.ContainedOf("connection", "connector", "other") == 0 ? 0 : 1;
    }
}
