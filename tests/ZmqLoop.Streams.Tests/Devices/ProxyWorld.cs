namespace ZmqLoop.Streams.Tests;

/// <summary>A proxy between scripted sockets on a scripted loop.</summary>
internal sealed class ProxyWorld : IDisposable
{
    public ProxyWorld(SocketType front = SocketType.Dealer, SocketType back = SocketType.Dealer, ProxyOptions? options = null,
        bool capture = false)
    {
        Front = new ScriptedSocket(front);
        Back = new ScriptedSocket(back);
        if (capture) CaptureSocket = new ScriptedSocket(SocketType.Pub);
        Proxy = new ZMQProxy(Front, Back, CaptureSocket, Loop, options);
    }

    public ScriptedLoop Loop { get; } = new();

    public ScriptedSocket Front { get; }

    public ScriptedSocket Back { get; }

    public ScriptedSocket? CaptureSocket { get; }

    public ZMQProxy Proxy { get; }

    public IEnumerable<string> Errors => Loop.Errors.Select(error => error.Exception.Message);

    /// <summary>Runs until nothing can happen any more.</summary>
    public void Run() => Loop.RunUntilIdle();

    public void Dispose()
    {
        Proxy.Dispose();
        Loop.Dispose();
    }
}
