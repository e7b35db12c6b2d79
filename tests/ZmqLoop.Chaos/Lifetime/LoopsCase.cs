namespace ZmqLoop.Chaos.Lifetime;

/// <summary>Loops that are made, run, stopped, closed and forgotten, with streams, timers and callbacks on them, on many threads.</summary>
internal static class LoopsCase
{
    private const int Threads = 3;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        long done = 0;
        Hammer(arena.Or(60, 6));
        done = 0;
        arena.BeginMeasuring();
        Hammer(arena.Target);
        arena.Result.Count = done;
        arena.EndMeasuring();
        return Task.CompletedTask;

        void Hammer(long target)
        {
            Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() =>
            {
                Random random = arena.RandomFor(number);
                while (arena.GoesOn(Interlocked.Read(ref done)) && Interlocked.Read(ref done) < target)
                {
                    try
                    {
                        One(engine, random);
                    }
                    catch (Exception exception)
                    {
                        arena.Fail($"{exception}");
                    }

                    Interlocked.Increment(ref done);
                }
            }))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
        }
    }

    private static void One(ZMQEngine engine, Random random)
    {
        if (random.Next(3) == 0)
        {
            IOLoopThread thread = IOLoopThread.Start(() => new ZMQIOLoop(engine));
            thread.Loop.AddCallback(static () => { });
            if (random.Next(2) == 0) thread.StopAsync().Wait(TimeSpan.FromSeconds(20));
            if (!thread.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(20))) throw new TimeoutException("A loop's thread did not end.");
            return;
        }

        ZMQIOLoop loop = new(engine, new IOLoopOptions { MakeCurrent = false });
        ZMQStream stream = new(engine.CreateSocket(SocketType.Dealer), loop);
        if (random.Next(2) == 0) stream.OnRecv(static _ => { });
        if (random.Next(2) == 0) loop.CallLater(TimeSpan.FromHours(1), static () => { });
        if (random.Next(2) == 0) loop.AddCallback(stream.Dispose);
        loop.AddCallback(loop.Stop);
        loop.Start();
        switch (random.Next(4))
        {
            case 0:
                stream.Dispose();
                loop.Dispose();
                break;
            case 1:
                loop.Dispose();
                stream.Dispose();
                break;
            case 2:
                loop.Close(allFds: true);
                break;
            default: // the loop is forgotten
                stream.Dispose();
                break;
        }
    }
}
