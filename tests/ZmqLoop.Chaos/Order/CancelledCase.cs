using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Order;

/// <summary>ReceiveAsync, cancelled at any moment, in turns with the reader and a callback: no message is lost by it.</summary>
internal static class CancelledCase
{
    public static async Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost receiving = new(engine, ownsEngine: false);
        using LoopHost sending = new(engine, ownsEngine: false);
        SequenceCheck check = new(1);
        Random random = arena.RandomFor(0);
        ZMQStream pull = receiving.Open(SocketType.Pull);
        string endpoint = $"tcp://127.0.0.1:{receiving.Do(() => pull.BindToRandomPort("tcp://127.0.0.1"))}";
        Producer producer = new(sending, sending.Open(SocketType.Push, stream => stream.Connect(endpoint)))
        {
            Window = 20_000,
            Received = () => check.Received,
        };
        producer.Start();
        arena.BeginMeasuring();
        long cancelled = 0;
        while (arena.GoesOn(check.Received))
        {
            switch (random.Next(4))
            {
                case 0: await CallbackAsync(); break;
                default: await CancelAsync(); break;
            }
        }

        producer.Stop();
        while (check.Received < producer.Sent)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(15));
            Take(await pull.ReceiveAsync(limit.Token));
        }

        check.Conclude(arena.Result, [producer.Sent]);
        arena.EndMeasuring();
        arena.Result.Note = $"{cancelled} receives were cancelled";

        async Task CancelAsync()
        {
            using CancellationTokenSource limit = new();
            limit.CancelAfter(TimeSpan.FromMilliseconds(random.Next(4)));
            try
            {
                for (int i = random.Next(2_000); i > 0; i--) Take(await pull.ReceiveAsync(limit.Token));
            }
            catch (OperationCanceledException)
            {
                cancelled++;
            }
        }

        async Task CallbackAsync()
        {
            TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
            int left = random.Next(1, 3_000);
            receiving.Do(() => pull.OnRecv(message =>
            {
                Take(message);
                if (--left > 0) return;
                pull.StopOnRecv();
                enough.TrySetResult();
            }));
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(15));
        }

        void Take(Message message)
        {
            if (Producer.TryRead(message[0].Span, out int sender, out long number)) check.Receive(sender, number);
        }
    }
}
