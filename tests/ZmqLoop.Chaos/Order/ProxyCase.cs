using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Order;

/// <summary>Two PUSHes through a proxy that is paused and resumed, with odd budgets, to a PULL.</summary>
internal static class ProxyCase
{
    private const int Senders = 2;

    public static Task Run(Arena arena)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost middle = new(engine, ownsEngine: false);
        using LoopHost ends = new(engine, ownsEngine: false);
        SequenceCheck check = new(Senders);
        Random random = arena.RandomFor(0);
        (ZMQProxy proxy, string front, string back) = middle.Do(() =>
        {
            ZMQSocket pull = engine.CreateSocket(SocketType.Pull);
            ZMQSocket push = engine.CreateSocket(SocketType.Push);
            pull.Bind("tcp://127.0.0.1:*");
            push.Bind("tcp://127.0.0.1:*");
            ProxyOptions options = new() { MessagesPerTurn = random.Next(1, 300), BytesPerTurn = random.Next(1, 100_000) };
            return (new ZMQProxy(pull, push, loop: middle.Loop, options: options), pull.LastEndpoint, push.LastEndpoint);
        });
        ends.Open(SocketType.Pull, stream =>
        {
            stream.OnRecv(message =>
            {
                if (Producer.TryRead(message[^1].Span, out int sender, out long number)) check.Receive(sender, number);
            });
            stream.Connect(back);
        });
        Producer[] producers = [.. Enumerable.Range(0, Senders).Select(i => new Producer(
            ends, ends.Open(SocketType.Push, stream => stream.Connect(front)), i) { Envelope = static () => ["a frame before it"] })];
        foreach (Producer producer in producers) producer.Start();
        Flow.Watch(arena, check, Sent, done => done < arena.Or(5_000, 100));
        arena.BeginMeasuring();
        long pauses = 0;
        Flow.Watch(arena, check, Sent, arena.GoesOn, () =>
        {
            Pause.For(random.NextDouble() / 50);
            proxy.Pause();
            pauses++;
            Pause.For(random.NextDouble() / 500);
            proxy.Resume();
        });
        foreach (Producer producer in producers) producer.Stop();
        Flow.Drain(arena, check, Sent);
        check.Conclude(arena.Result, [.. producers.Select(static producer => producer.Sent)]);
        middle.Do(() => proxy.Close());
        arena.Result.Note = $"{pauses} pauses";
        arena.EndMeasuring();
        return Task.CompletedTask;

        long Sent() => producers.Sum(static producer => producer.Sent);
    }
}
