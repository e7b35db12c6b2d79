using ZmqLoop.Streams;

namespace ZmqLoop.Benchmarks;

/// <summary>One busy stream among idle ones: its wake, and the process's memory. Nothing is closed: the process ends with it.</summary>
internal class IdleWork
{
    private const int Wakes = 100;

    private readonly ZMQEngine _engine;
    private readonly ZMQIOLoop _loop;
    private readonly ZMQSocket _busy;
    private readonly Message _one = new("x");
    private readonly int _idle;
    private int _left;

    public IdleWork(Func<ZMQEngine> create, int idle)
    {
        _idle = idle;
        _engine = create();
        _loop = new ZMQIOLoop(_engine);
        Action next = Next;
        StreamWork.InOneContext(() =>
        {
            for (int i = 0; i <= idle; i++)
            {
                ZMQStream stream = Open(_engine);
                stream.Bind($"inproc://{i}");
                // when its turn is over: what is sent inside it would be received without a wake
                stream.OnRecv(_ => _loop.AddCallback(next), copy: false);
            }
        });
        _busy = _engine.CreateSocket(SocketType.Pair);
        _busy.Connect($"inproc://{idle}");
    }

    public void Wake(double seconds) => Rounds.PrintMedian(seconds, () => Rounds.Cpu(Wakes, () => Wake(Wakes)));

    public void PrintResident()
    {
        Wake(1);
        Rounds.PrintResident();
        Rounds.Print("managed", GC.GetTotalMemory(forceFullCollection: true) / (double)_idle); // bytes for each; the loop's own included
    }

    public void PrintFirst()
    {
        Wake(1);
        Console.WriteLine("first 1");
    }

    protected virtual ZMQStream Open(ZMQEngine engine) => StreamWork.Open(engine, SocketType.Pair, 1_000);

    private void Wake(int wakes)
    {
        _left = wakes + 1;
        Next();
        _loop.Start();
    }

    private void Next()
    {
        if (--_left == 0) _loop.Stop();
        else if (!_busy.TrySend(_one)) throw new InvalidOperationException("The socket is full.");
    }
}
