using ZmqLoop.Streams;

namespace ZmqLoop.Benchmarks;

/// <summary>One busy stream among idle ones: its wake, and the process's memory.</summary>
internal static class IdleWork
{
    private const int Wakes = 100;

    public static void Wake(double seconds, int idle) => With(idle, wake => Rounds.PrintMedian(seconds, () => Rounds.Cpu(Wakes, () => wake(Wakes))));

    public static void PrintResident(int idle) => With(idle, wake =>
    {
        wake(1);
        Rounds.PrintResident();
    });

    public static void PrintFirst() => With(0, wake =>
    {
        wake(1);
        Console.WriteLine("first 1");
    });

    private static void With(int idle, Action<Action<int>> work)
    {
        using var engine = new LibZmqEngine();
        using var loop = new ZMQIOLoop(engine);
        List<ZMQStream> streams = [];
        int left = 0;
        using ZMQSocket busy = engine.CreateSocket(SocketType.Pair);
        Message one = new("x");
        Action next = Next;
        StreamWork.InOneContext(() =>
        {
            for (int i = 0; i <= idle; i++)
            {
                ZMQStream stream = StreamWork.Open(engine, SocketType.Pair, 1_000);
                stream.Bind($"inproc://{i}");
                stream.OnRecv(_ => loop.AddCallback(next), copy: false); // when its turn is over: what is sent inside it would be received without a wake
                streams.Add(stream);
            }
        });
        busy.Connect($"inproc://{idle}");
        work(wakes =>
        {
            left = wakes + 1;
            Next();
            loop.Start();
        });
        foreach (ZMQStream stream in streams) stream.Dispose();

        void Next()
        {
            if (--left == 0) loop.Stop();
            else if (!busy.TrySend(one)) throw new InvalidOperationException("The socket is full.");
        }
    }
}
