namespace ZmqLoop.Chaos.Faults;

/// <summary>Processes that are in a bad way themselves: no thread of the pool is free, or the collector never rests.</summary>
internal static class StarvedCases
{
    private const double Starved = 0.5;

    /// <summary>Loops need no thread of the pool, and neither does libzmq. NetMQ's sockets do, as all of .NET's: with it, everything goes
    /// on once there are threads again.</summary>
    public static Task Pool(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using RequestService service = new(engine);
        using PersistentClient client = new(engine, $"tcp://127.0.0.1:{service.Port}", repeat: 5);
        client.IsAnswered();
        arena.BeginMeasuring();
        ThreadPool.GetMinThreads(out int least, out int ports);
        ThreadPool.SetMaxThreads(Math.Max(least, Environment.ProcessorCount), ports);
        long rounds = 0;
        while (arena.GoesOn(rounds))
        {
            using ManualResetEventSlim free = new();
            using CountdownEvent blocked = new(100);
            for (int i = 0; i < 100; i++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(
                    _ =>
                    {
                        free.Wait();
                        blocked.Signal();
                    }, null);
            }

            long start = TimeProvider.System.GetTimestamp();
            while (!arena.IsNetMQ && TimeProvider.System.GetElapsedTime(start).TotalSeconds < Starved)
            {
                if (client.IsAnswered()) continue;
                arena.Result.Hung++;
                arena.Fail("Without threads of the pool nobody is answered.");
                break;
            }

            if (arena.IsNetMQ) Pause.For(Starved);
            free.Set();
            blocked.Wait();
            if (!client.IsAnswered())
            {
                arena.Result.Hung++;
                arena.Fail("With threads again, nobody is answered.");
            }

            rounds++;
            if (arena.Result.Hung > 0) break;
        }

        return Conclude(arena, client, service, rounds);
    }

    /// <summary>Borrowed memory stays where it is, and nothing is collected that is needed.</summary>
    public static Task Collector(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using RequestService service = new(engine);
        using PersistentClient client = new(engine, $"tcp://127.0.0.1:{service.Port}", repeat: 5);
        client.IsAnswered();
        arena.BeginMeasuring();
        bool ends = false;
        Thread collector = new(() =>
        {
            for (int i = 0; !Volatile.Read(ref ends); i++)
            {
                GC.Collect(i % 3, GCCollectionMode.Forced, blocking: true, compacting: i % 9 == 8);
                if (i % 50 == 0) GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        while (arena.GoesOn(client.Answers))
        {
            if (client.IsAnswered()) continue;
            arena.Result.Hung++;
            arena.Fail("While the collector works nobody is answered.");
            break;
        }

        Volatile.Write(ref ends, true);
        collector.Join();
        return Conclude(arena, client, service, client.Answers);
    }

    private static Task Conclude(Arena arena, PersistentClient client, RequestService service, long count)
    {
        client.Stop();
        arena.Result.Count = count;
        client.Conclude(arena.Result, service);
        arena.EndMeasuring();
        return Task.CompletedTask;
    }
}
