using NetMQ.Sockets;

namespace ZmqLoop.Tests;

/// <summary>A loop over NetMQ that notes what its callbacks throw, and NetMQ sockets that are closed with it.</summary>
internal sealed class NetMQWorld : IDisposable
{
    private static int _names;

    private readonly List<IDisposable> _disposables = [];

    public NetMQWorld(NetMQPollerKind kind = NetMQPollerKind.Automatic) : this(new NetMQEngineOptions { Poller = kind })
    {
    }

    public NetMQWorld(NetMQEngineOptions options) => Loop = new ErrorLoop(new NetMQEngine(options));

    public ErrorLoop Loop { get; }

    /// <summary>What happened, in order.</summary>
    public List<string> Log { get; } = [];

    public static string Inproc() => $"inproc://netmq-world-{Interlocked.Increment(ref _names)}";

    public T Own<T>(T disposable) where T : IDisposable
    {
        _disposables.Add(disposable);
        return disposable;
    }

    /// <summary>Two connected sockets.</summary>
    public (DealerSocket Bound, DealerSocket Peer) Pair()
    {
        DealerSocket bound = Own(new DealerSocket());
        DealerSocket peer = Own(new DealerSocket());
        string name = Inproc();
        bound.Bind(name);
        peer.Connect(name);
        return (bound, peer);
    }

    public void RunUntil(Func<bool> condition) => Deadline.RunUntil(Loop, condition, () => string.Join(", ", Log));

    public void Dispose()
    {
        Loop.Close();
        foreach (IDisposable disposable in Enumerable.Reverse(_disposables))
        {
            try
            {
                disposable.Dispose();
            }
            catch (ObjectDisposedException)
            {
                // NetMQ, after its context was torn down.
            }
        }
    }

    internal sealed class ErrorLoop(ZMQEngine engine) : ZMQIOLoop(engine, new IOLoopOptions { MakeCurrent = false })
    {
        public List<string> Errors { get; } = [];

        public override void HandleCallbackException(Exception exception, CallbackOrigin origin) => Errors.Add(exception.Message);
    }
}
