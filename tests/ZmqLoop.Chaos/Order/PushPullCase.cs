using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Order;

/// <summary>PUSH to PULL, over each transport.</summary>
internal static class PushPullCase
{
    public static Task Run(Arena arena)
    {
        string[] endpoints = arena.IsNetMQ ? ["inproc://order", "tcp://127.0.0.1:*"] : ["inproc://order", "ipc://*", "tcp://127.0.0.1:*"];
        Over(arena, endpoints[0], done => done < arena.Or(1_000, 100)); // what a process takes once
        arena.Result.Count = 0;
        arena.BeginMeasuring();
        for (int i = 0; i < endpoints.Length; i++)
        {
            int part = i + 1;
            TimeSpan until = arena.Time * part / endpoints.Length;
            Over(arena, endpoints[i], done => arena.Elapsed < until && done < arena.Target / endpoints.Length);
        }

        arena.EndMeasuring();
        return Task.CompletedTask;
    }

    private static void Over(Arena arena, string endpoint, Func<long, bool> goesOn)
    {
        SequenceCheck check = new(1);
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost receiving = new(engine, ownsEngine: false);
        using LoopHost sending = new(engine, ownsEngine: false);
        string bound = "";
        receiving.Open(SocketType.Pull, stream =>
        {
            stream.OnRecv(
                message =>
                {
                    if (Producer.TryRead(message[0].Span, out int sender, out long number)) check.Receive(sender, number);
                    else arena.Fail($"A message of {message.Size} bytes that nobody sent.");
                },
                copy: false);
            stream.Bind(endpoint);
            bound = stream.Socket.LastEndpoint;
        });
        ZMQStream push = sending.Open(SocketType.Push, stream => stream.Connect(bound));
        Producer producer = new(sending, push);
        producer.Start();
        Flow.Watch(arena, check, () => producer.Sent, goesOn);
        producer.Stop();
        Flow.Drain(arena, check, () => producer.Sent);
        check.Conclude(arena.Result, [producer.Sent]);
    }
}
