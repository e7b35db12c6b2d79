using ZmqLoop.Chaos.Services;

namespace ZmqLoop.Chaos.Order;

/// <summary>Several DEALERs ask one ROUTER, which answers each: both ways are checked.</summary>
internal static class RouterDealerCase
{
    private const int Dealers = 4;
    private const long Window = 2_000; // each: below the high-water marks of both sides, so that nothing may be dropped

    public static Task Run(Arena arena)
    {
        string[] endpoints = arena.IsNetMQ ? ["inproc://order", "tcp://127.0.0.1:*"] : ["inproc://order", "ipc://*", "tcp://127.0.0.1:*"];
        Over(arena, endpoints[0], done => done < arena.Or(1_000, 100));
        arena.Result.Count = 0;
        arena.BeginMeasuring();
        for (int i = 0; i < endpoints.Length; i++)
        {
            TimeSpan until = arena.Time * (i + 1) / endpoints.Length;
            Over(arena, endpoints[i], done => arena.Elapsed < until && done < arena.Target / endpoints.Length);
        }

        arena.EndMeasuring();
        return Task.CompletedTask;
    }

    private static void Over(Arena arena, string endpoint, Func<long, bool> goesOn)
    {
        using ZMQEngine engine = arena.CreateEngine();
        using LoopHost serving = new(engine, ownsEngine: false);
        using LoopHost asking = new(engine, ownsEngine: false);
        SequenceCheck requests = new(Dealers);
        SequenceCheck answers = new(Dealers);
        string bound = "";
        serving.Open(SocketType.Router, stream =>
        {
            stream.OnRecv(
                message =>
                {
                    if (Producer.TryRead(message[^1].Span, out int sender, out long number)) requests.Receive(sender, number);
                    else arena.Fail("A request that nobody sent.");
                    stream.Send(message);
                },
                copy: false);
            stream.Bind(endpoint);
            bound = stream.Socket.LastEndpoint;
        });
        long[] received = new long[Dealers];
        Producer[] producers = [.. Enumerable.Range(0, Dealers).Select(i =>
        {
            ZMQStream dealer = asking.Open(SocketType.Dealer, stream =>
            {
                stream.OnRecv(
                    message =>
                    {
                        bool isMine = Producer.TryRead(message[^1].Span, out int sender, out long number) && sender == i;
                        if (isMine) answers.Receive(sender, number);
                        else arena.Fail("Another's answer.");
                        received[i]++;
                    },
                    copy: false);
                stream.Connect(bound);
            });
            return new Producer(asking, dealer, i) { Window = Window / Dealers, Received = () => received[i] };
        })];
        foreach (Producer producer in producers) producer.Start();
        Flow.Watch(arena, answers, Sent, goesOn);
        foreach (Producer producer in producers) producer.Stop();
        Flow.Drain(arena, answers, Sent);
        long[] sent = [.. producers.Select(static producer => producer.Sent)];
        requests.Conclude(arena.Result, sent);
        answers.Conclude(arena.Result, sent);

        long Sent() => producers.Sum(static producer => producer.Sent);
    }
}
