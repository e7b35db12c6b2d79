using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Order;

/// <summary>Many streams with priorities and budgets of all kinds on one loop: each keeps its order, and all are
/// served.</summary>
internal static class BudgetsCase
{
    private const int Pairs = 12;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost receiving = new(engine, ownsEngine: false);
        using LoopHost sending = new(engine, ownsEngine: false);
        SequenceCheck check = new(Pairs);
        Random random = arena.RandomFor(0);
        Producer[] producers = [.. Enumerable.Range(0, Pairs).Select(i =>
        {
            ZMQStreamOptions options = new()
            {
                Priority = random.Next(-2, 3),
                MessagesPerTurn = random.Next(1, 400),
                BytesPerTurn = random.Next(1, 1_000_000),
                TimePerTurn = TimeSpan.FromMilliseconds(random.Next(1, 10)),
            };
            ZMQStream pull = receiving.Open(SocketType.Pull, options: options, configure: stream => stream.OnRecv(
                message =>
                {
                    if (Producer.TryRead(message[0].Span, out int sender, out long number) && sender == i) check.Receive(sender, number);
                    else arena.Fail("Another's message.");
                },
                copy: i % 2 == 0));
            string endpoint = $"tcp://127.0.0.1:{receiving.Do(() => pull.BindToRandomPort("tcp://127.0.0.1"))}";
            return new Producer(sending, sending.Open(SocketType.Push, stream => stream.Connect(endpoint)), i);
        })];
        foreach (Producer producer in producers) producer.Start();
        Flow.Watch(arena, check, Sent, done => done < arena.Or(5_000, 100));
        arena.BeginMeasuring();
        Flow.Watch(arena, check, Sent, arena.GoesOn);
        foreach (Producer producer in producers) producer.Stop();
        Flow.Drain(arena, check, Sent);
        long[] sent = [.. producers.Select(static producer => producer.Sent)];
        if (sent.Min() == 0) arena.Fail($"One of them was not served: {string.Join(", ", sent)}.");
        check.Conclude(arena.Result, sent);
        arena.EndMeasuring();
        return Task.CompletedTask;

        long Sent() => producers.Sum(static producer => producer.Sent);
    }
}
