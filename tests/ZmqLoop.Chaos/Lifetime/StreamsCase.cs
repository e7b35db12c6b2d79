using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Lifetime;

/// <summary>Streams that are opened, used, closed, disposed of and forgotten, in every order and from every thread.</summary>
internal static class StreamsCase
{
    private const int Threads = 4;
    private const int Row = 50;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        ZMQStream sink = host.Open(SocketType.Pull, static stream => stream.OnRecv(static _ => { }));
        string endpoint = $"tcp://127.0.0.1:{host.Do(() => sink.BindToRandomPort("tcp://127.0.0.1"))}";
        long done = 0;
        Hammer(Row * Threads * arena.Or(4, 1));
        arena.BeginMeasuring(Settled);
        done = 0;
        Hammer(arena.Target);
        arena.Result.Count = done;
        arena.EndMeasuring(Settled);
        if (host.Do(static () => 42) != 42) arena.Result.Hung++;
        arena.Result.Note = $"{host.Reported} reports, {ZMQStream.GetOpenStreams(host.Loop).Count - 1} streams left";
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
                        Rows(host, endpoint, random);
                    }
                    catch (Exception exception)
                    {
                        arena.Fail($"{exception}");
                    }

                    Interlocked.Add(ref done, Row);
                }
            }))];
            foreach (Thread thread in threads) thread.Start();
            foreach (Thread thread in threads) thread.Join();
        }

        Footprint Settled()
        {
            Footprint.OfThisProcess();
            host.Do(static () => true); // what was forgotten is closed by the loop
            return Footprint.OfThisProcess();
        }
    }

    /// <summary>Opens some on the loop, and ends them in any way, on this thread or the loop's.</summary>
    private static void Rows(LoopHost host, string endpoint, Random random)
    {
        List<Task> ends = [];
        ZMQStream?[] streams = host.Do(() => Enumerable.Range(0, Row).Select(_ => (ZMQStream?)Open(host, endpoint, random)).ToArray());
        for (int i = 0; i < Row; i++)
        {
            ZMQStream stream = streams[i]!;
            switch (random.Next(9))
            {
                case 0: stream.Close(TimeSpan.Zero); break;
                case 1: stream.Dispose(); break;
                case 2: ends.Add(stream.CloseAsync(TimeSpan.FromMilliseconds(random.Next(20)))); break;
                case 3: host.Loop.AddCallback(() => stream.Close()); break;
                case 4:
                    ends.Add(stream.CloseAsync(TimeSpan.FromSeconds(1)));
                    stream.Dispose();
                    break;
                case 5: host.Loop.AddCallback(() => stream.Socket.Close(TimeSpan.Zero)); break;
                case 6: // inside its own callbacks
                    host.Loop.AddCallback(() => CloseInside(stream));
                    break;
                case 7:
                    ends.Add(stream.CloseAsync(TimeSpan.FromMilliseconds(5)).ContinueWith(_ => stream.Dispose(), TaskScheduler.Default));
                    GC.Collect(0);
                    break;
                default: // forgotten, once nothing can happen on it any more
                    stream.ClearSendQueue();
                    host.Loop.AddCallback(stream.StopOnRecv);
                    break;
            }

            streams[i] = null;
        }

        if (random.Next(20) == 0) GC.Collect();
        if (!Task.WhenAll(ends).Wait(TimeSpan.FromSeconds(20))) throw new TimeoutException("Streams did not end.");
    }

    private static void CloseInside(ZMQStream stream)
    {
        if (stream.IsClosed) return;
        stream.SetCloseCallback(() => stream.Close());
        if (stream.Socket.Type != SocketType.Pull) stream.OnSend((_, _) => stream.Dispose());
        stream.Close();
    }

    private static ZMQStream Open(LoopHost host, string endpoint, Random random)
    {
        SocketType type = random.Next(3) switch { 0 => SocketType.Push, 1 => SocketType.Dealer, _ => SocketType.Pull };
        ZMQStream stream = new(host.Engine.CreateSocket(type), host.Loop);
        stream.Socket.Linger = TimeSpan.Zero;
        if (type == SocketType.Push && random.Next(2) == 0) stream.Connect(endpoint);
        if (type == SocketType.Push) stream.Send("hello");
        if (type != SocketType.Push && random.Next(3) == 0) stream.OnRecv(static _ => { });
        if (type == SocketType.Dealer && random.Next(3) == 0) stream.StopOnRecv();
        return stream;
    }
}
