using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Lifetime;

/// <summary>Whatever is called throws, now and then: receive callbacks, async ones, those of sends, timers, closes, contexts, reporters and
/// serializers. Each is reported, and everything goes on.</summary>
internal static class ThrowingCase
{
    private const int OneIn = 3;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost host = new(engine, ownsEngine: false);
        Random random = arena.RandomFor(0); // the loop's thread alone draws from it
        long received = 0;
        long thrown = 0;
        long asked = 0;
        long answered = 0;
        ZMQStreamOptions options = new()
        {
            ErrorReply = (_, _) =>
            {
                MayThrow();
                return null;
            },
        };
        ZMQStream rep = host.Open(SocketType.Rep, options: options, configure: stream => stream.OnRecv(message =>
        {
            MayThrow();
            stream.Send(message, (_, _) => MayThrow());
        }));
        string repEndpoint = $"tcp://127.0.0.1:{host.Do(() => rep.BindToRandomPort("tcp://127.0.0.1"))}";
        ZMQStream server = host.Open(SocketType.Router, stream =>
        {
            stream.OnRecv(message =>
            {
                received++;
                stream.Send(message, (_, _) => MayThrow());
                MayThrow();
            });
        });
        string endpoint = $"tcp://127.0.0.1:{host.Do(() => server.BindToRandomPort("tcp://127.0.0.1"))}";
        Rows(arena.Or(200, 10));
        arena.BeginMeasuring();
        long before = thrown;
        long done = 0;
        while (arena.GoesOn(done)) done += Rows(arena.Or(200, 20));
        arena.Result.Count = done;
        if (received == 0) arena.Fail("Nothing was received.");
        if (host.Reported == 0) arena.Fail("Nothing was reported.");
        if (!Pause.Until(() => host.Do(() => answered == asked), 20))
        {
            arena.Result.Hung++;
            arena.Fail($"{answered} of {asked} REQs were answered.");
        }

        arena.EndMeasuring();
        arena.Result.Note = $"{thrown - before} exceptions thrown, {host.Reported} reported; {received} messages received";
        return Task.CompletedTask;

        int Rows(int count)
        {
            for (int i = 0; i < count; i += 10)
            {
                Task[] ends = host.Do(() => Enumerable.Range(0, 10).Select(_ => One()).ToArray());
                if (!Task.WhenAll(ends).ContinueWith(static _ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(20)))
                {
                    arena.Result.Hung++;
                    arena.Fail("Streams did not end.");
                }
            }

            return count;
        }

        Task One()
        {
            if (random.Next(4) == 0) Ask();
            ZMQStream client = new(host.Engine.CreateSocket(SocketType.Dealer), host.Loop);
            client.Socket.Linger = TimeSpan.Zero;
            client.SetCloseCallback(MayThrow);
            switch (random.Next(3))
            {
                case 0: client.OnRecv(_ => MayThrow()); break;
                case 1: client.OnRecv(_ => Async()); break;
                default: Enclose(client); break;
            }

            client.OnSend((_, _) => MayThrow());
            client.Connect(endpoint);
            for (int i = 0; i < 3; i++) client.Send($"{i}");
            host.Loop.CallLater(TimeSpan.FromMilliseconds(random.Next(3)), MayThrow);
            host.Loop.SpawnCallback(MayThrow);
            TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            host.Loop.CallLater(TimeSpan.FromMilliseconds(5), () =>
            {
                try
                {
                    client.Close(TimeSpan.Zero);
                }
                finally
                {
                    ended.SetResult();
                }
            });
            return ended.Task;
        }

        // In a context that throws where it is entered, or left: here, and around each call.
        void Enclose(ZMQStream client)
        {
            try
            {
                new StackContext(() => new Scope(MayThrow)).Run(() => client.OnRecv(_ => MayThrow()));
            }
            catch (InvalidTimeZoneException)
            {
                // It was entered or left here.
            }
        }

        // A REP that threw must be able to answer the next.
        void Ask()
        {
            ZMQStream req = new(host.Engine.CreateSocket(SocketType.Req), host.Loop);
            req.Socket.Linger = TimeSpan.Zero;
            req.OnRecv(_ =>
            {
                answered++;
                req.Close(TimeSpan.Zero);
            });
            req.Connect(repEndpoint);
            req.Send("?");
            asked++;
        }

        async Task Async()
        {
            MayThrow();
            await Task.Yield();
            MayThrow();
        }

        void MayThrow()
        {
            if (random.Next(OneIn) != 0) return;
            thrown++;
            throw new InvalidTimeZoneException("thrown on purpose");
        }
    }

    private sealed class Scope : IDisposable
    {
        private readonly Action _left;

        public Scope(Action mayThrow)
        {
            _left = mayThrow;
            mayThrow();
        }

        public void Dispose() => _left();
    }
}
