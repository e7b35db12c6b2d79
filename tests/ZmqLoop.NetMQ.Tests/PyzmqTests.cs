using System.Diagnostics;
using ZmqLoop.Streams;

namespace ZmqLoop.Tests;

/// <summary>A stream over NetMQ and a peer with native libzmq, in another process, over tcp.</summary>
public sealed class PyzmqTests
{
    private const string Echo = """
        import sys, zmq
        context = zmq.Context.instance()
        router = context.socket(zmq.ROUTER)
        port = router.bind_to_random_port("tcp://127.0.0.1")
        publisher = context.socket(zmq.PUB)
        news = publisher.bind_to_random_port("tcp://127.0.0.1")
        print(port, news, flush=True)
        while True:
            message = router.recv_multipart()
            router.send_multipart(message)
            publisher.send_multipart([b"topic", message[-1]])
            if message[-1] == b"end": break
        """;

    [Theory]
    [InlineData(NetMQPollerKind.Epoll)]
    [InlineData(NetMQPollerKind.Selector)]
    public async Task Messages_of_all_sizes_go_there_and_come_back(NetMQPollerKind kind)
    {
        Pyzmq.SkipIfMissing();
        using Process python = Process.Start(new ProcessStartInfo(Pyzmq.Path, ["-c", Echo]) { RedirectStandardOutput = true })!;
        string[] ports = (await python.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!.Split(' ');
        using NetMQWorld world = new(kind);
        using ZMQStream stream = new(world.Loop.Engine.CreateSocket(SocketType.Dealer), world.Loop);
        using ZMQStream news = new(world.Loop.Engine.CreateSocket(SocketType.Sub), world.Loop);
        stream.Connect($"tcp://127.0.0.1:{ports[0]}");
        news.Socket.Subscribe("topic");
        news.Connect($"tcp://127.0.0.1:{ports[1]}");
        Queue<byte[]> sent = new();
        int echoes = 0;
        int published = 0;
        stream.OnRecv(message =>
        {
            Assert.Equal(3, message.Count);
            Assert.True(message[2].Span.SequenceEqual(sent.Dequeue()));
            echoes++;
        }, copy: false);
        news.OnRecv(_ => published++);
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] body = new byte[i % 100 == 99 ? 1 << 20 : random.Next(300)];
            random.NextBytes(body);
            sent.Enqueue(body);
            stream.SendMultipart("head", Frame.Empty, body);
        }

        sent.Enqueue("end"u8.ToArray());
        world.RunUntil(() => echoes == 300);
        stream.SendMultipart("head", Frame.Empty, "end");
        world.RunUntil(() => echoes == 301 && published > 0);
        Assert.Empty(world.Loop.Errors);
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, python.ExitCode);
    }
}
