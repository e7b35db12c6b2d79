using Microsoft.Win32.SafeHandles;
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

    /// <summary>Binds where no descriptor is left: the process goes on, and the error says what there is too little of.</summary>
    public static int Bind()
    {
        using NetMQEngine engine = new();
        using ZMQSocket socket = engine.CreateSocket(SocketType.Router);
        using ZMQSocket another = engine.CreateSocket(SocketType.Router);
        int port = socket.BindToRandomPort("tcp://127.0.0.1");
        FailureOf(another, $"tcp://127.0.0.1:{port}"); // loads what takes a descriptor to be loaded
        List<SafeFileHandle> all = [];
        ZMQException? failure;
        try
        {
            OpenAll(all);
            failure = FailureOf(another, "tcp://127.0.0.1:*");
        }
        finally
        {
            foreach (SafeFileHandle one in all) one.Dispose();
        }

        Console.WriteLine($"{failure?.Code}: {failure?.Message}");
        another.Bind("tcp://127.0.0.1:*"); // there are some again
        return 0;
    }

    private static ZMQException? FailureOf(ZMQSocket socket, string endpoint)
    {
        try
        {
            socket.Bind(endpoint);
            return null;
        }
        catch (ZMQException exception)
        {
            return exception;
        }
    }

    private static void OpenAll(List<SafeFileHandle> all)
    {
        try
        {
            while (true) all.Add(File.OpenHandle("/dev/null"));
        }
        catch (IOException)
        {
            // That was the last one.
        }
    }
}
