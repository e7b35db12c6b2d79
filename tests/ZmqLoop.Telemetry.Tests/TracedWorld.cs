using Microsoft.Extensions.Logging;

namespace ZmqLoop.Telemetry;

/// <summary>Two streams of one name over real sockets, one of which sends to the other, on a loop that logs.</summary>
internal sealed class TracedWorld : IDisposable
{
    public const string Stream = "traced-stream";

    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();

    public TracedWorld(ILoggerFactory? loggers = null)
    {
        Loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false, LoggerFactory = loggers });
        ZMQStreamOptions options = new() { Name = Stream, PropagateTrace = true };
        Receiver = new ZMQStream(_engine.CreateSocket(SocketType.Pull), Loop, options);
        Sender = new ZMQStream(_engine.CreateSocket(SocketType.Push), Loop, options);
        Port = Receiver.BindToRandomPort("tcp://127.0.0.1");
        Sender.Connect($"tcp://127.0.0.1:{Port}");
    }

    public ZMQIOLoop Loop { get; }

    public ZMQStream Receiver { get; }

    public ZMQStream Sender { get; }

    public int Port { get; }

    public void RunUntil(Func<bool> condition)
    {
        DateTime end = DateTime.UtcNow + EngineUnderTest.Current.LongWait;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"{Loop}; {Sender}; {Receiver}");
            Loop.RunOnce(TimeSpan.FromMilliseconds(20));
        }
    }

    public void Dispose()
    {
        Sender.Close(TimeSpan.Zero);
        Receiver.Close(TimeSpan.Zero);
        Loop.Close();
        _engine.Dispose();
    }
}
