using ZmqLoop.Streams;

namespace ZmqLoop.Testing.Tests;

public sealed class WiredTests
{
    private readonly ScriptedEngine _engine = new();
    private readonly ScriptedLoop _loop = new();

    [Fact]
    public void Two_streams_speak_to_each_other()
    {
        using ZMQStream server = new(_engine.CreateSocket(SocketType.Router), _loop, SquareRoots.Options);
        using ZMQStream client = new(_engine.CreateSocket(SocketType.Req), _loop);
        server.Bind("tcp://127.0.0.1:5555"); // no port is opened: a name in memory
        client.Connect("tcp://127.0.0.1:5555");
        SquareRoots.Serve(server);

        List<string> answers = [];
        client.OnRecv(answer => answers.Add(answer[0].ToText()));
        client.Send("16");
        _loop.RunUntilIdle();
        Assert.Equal(["4"], answers);
    }

    [Fact]
    public void A_program_that_makes_its_loop_and_sockets_itself_runs_on_the_engine()
    {
        using ZMQIOLoop loop = new(_engine, new IOLoopOptions { TimeProvider = _engine.Time, MakeCurrent = false });
        loop.RunSync(async () =>
        {
            await using ZMQStream prices = new(ZMQSocket.Create(SocketType.Pub)); // the current loop's engine makes it
            await using ZMQStream reader = new(ZMQSocket.Create(SocketType.Sub));
            prices.Bind("tcp://*:*");
            reader.Subscribe("EUR");
            reader.Connect(prices.Socket.LastEndpoint);
            prices.Send("USD 3");
            prices.Send("EUR 7");
            using Message price = await reader.ReceiveAsync(TestContext.Current.CancellationToken);
            Assert.Equal("EUR 7", price[0].ToText());
            await loop.Delay(TimeSpan.FromDays(1), TestContext.Current.CancellationToken);
        });
        Assert.Equal(TimeSpan.FromDays(1), _engine.Time.Now);
    }
}
