namespace ZmqLoop.Streams.Tests;

/// <summary>Two streams that are connected to one another, on one loop, in manual time.</summary>
internal sealed class TwoStreams : IDisposable
{
    private readonly ScriptedEngine _engine = new();

    public TwoStreams(SocketType sender, SocketType receiver, ZMQStreamOptions options, string endpoint = "inproc://two")
    {
        Sender = new ZMQStream(_engine.CreateSocket(sender), Loop, options);
        Receiver = new ZMQStream(_engine.CreateSocket(receiver), Loop, options);
        Receiver.Bind(endpoint);
        Sender.Connect(endpoint);
    }

    public ScriptedLoop Loop { get; } = new();

    public ZMQStream Sender { get; }

    public ZMQStream Receiver { get; }

    public void Dispose()
    {
        Sender.Dispose();
        Receiver.Dispose();
        Loop.Dispose();
        _engine.Dispose();
    }
}
