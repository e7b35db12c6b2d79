using ZmqLoop.Streams;

namespace ZmqLoop.Interop;

public sealed class TwoLoopsTests
{
    /// <summary>A wait goes on when the first thing that it hears of a socket is no message (an inproc peer that binds, say); the message
    /// after that must end it.</summary>
    [Fact]
    public void Two_loops_on_two_threads_hear_each_other_over_inproc()
    {
        const int Rounds = 200;
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        using ZMQIOLoop here = new(engine, new IOLoopOptions { MakeCurrent = false });
        for (int round = 0; round < 5; round++)
        {
            string endpoint = $"inproc://two-loops-{round}";
            IOLoop? other = null;
            Thread echo = new(() => Echo(engine, endpoint, loop => Volatile.Write(ref other, loop))) { IsBackground = true };
            echo.Start();
            Deadline.WaitUntil(() => Volatile.Read(ref other) is not null);

            using ZMQStream stream = new(engine.CreateSocket(SocketType.Dealer), here);
            stream.Connect(endpoint);
            int heard = 0;
            stream.OnRecv(message =>
            {
                if (++heard == Rounds) here.Stop();
                else stream.Send(message);
            });
            stream.SendMultipart("x");
            Deadline.Run(here);
            Assert.Equal(Rounds, heard);

            other!.Stop();
            echo.Join();
        }
    }

    private static void Echo(ZMQEngine engine, string endpoint, Action<IOLoop> bound)
    {
        using ZMQIOLoop loop = new(engine);
        using ZMQStream stream = new(engine.CreateSocket(SocketType.Router), loop);
        stream.Bind(endpoint);
        stream.OnRecv(message => stream.Send(message));
        bound(loop);
        loop.Start();
    }
}
