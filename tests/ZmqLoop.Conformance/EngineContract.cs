using System.Diagnostics;

namespace ZmqLoop.Conformance;

/// <summary>The ground of every contract: one engine, one poller, and sockets that are closed at the end.</summary>
public abstract class EngineContract : IDisposable
{
    /// <summary>Only a failure waits this long.</summary>
    internal static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private static int _endpoints;

    private readonly EngineUnderTest _subject;
    private readonly List<IDisposable> _disposables = [];
    private readonly ReadyList _ready = new();
    private IPoller? _poller;

    protected EngineContract(EngineUnderTest subject)
    {
        _subject = subject;
        Engine = subject.CreateEngine();
    }

    protected ZMQEngine Engine { get; }

    /// <summary>The time that passes in a wait.</summary>
    protected TimeProvider Clock => _subject.ClockOf(Engine);

    /// <summary>For a wait that another thread ends.</summary>
    protected TimeSpan LongWait => _subject.LongWait;

    protected IPoller Poller => _poller ??= _subject.CreatePoller(Engine);

    public void Dispose()
    {
        foreach (IDisposable disposable in _disposables) disposable.Dispose();
        _poller?.Dispose();
        Engine.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void Need(Abilities abilities) => _subject.Need(abilities);

    protected bool Can(Abilities abilities) => _subject.Can(abilities);

    protected IPoller AnotherPoller() => Own(_subject.CreatePoller(Engine));

    protected T Own<T>(T disposable) where T : IDisposable
    {
        _disposables.Add(disposable);
        return disposable;
    }

    protected ZMQSocket Make(SocketType type) => Own(Engine.CreateSocket(type));

    protected static string NewInproc() => $"inproc://conformance-{Interlocked.Increment(ref _endpoints)}";

    /// <summary>Two connected sockets in this process: what one sends has arrived at the other when the call returns.</summary>
    protected (ZMQSocket Bound, ZMQSocket Connected) MakePair(SocketType bound = SocketType.Dealer,
        SocketType connected = SocketType.Dealer, Action<ZMQSocket>? prepare = null)
    {
        ZMQSocket first = Make(bound);
        ZMQSocket second = Make(connected);
        prepare?.Invoke(first);
        prepare?.Invoke(second);
        string endpoint = NewInproc();
        first.Bind(endpoint);
        second.Connect(endpoint);
        return (first, second);
    }

    /// <summary>One poll: what it reported.</summary>
    protected List<ReadySource> Poll(TimeSpan timeout)
    {
        _ready.Clear();
        Poller.Poll(timeout, _ready);
        return [.. _ready.Items];
    }

    protected List<ReadySource> Poll() => Poll(TimeSpan.Zero);

    /// <summary>Polls until this source is reported.</summary>
    protected ReadySource PollFor(object state)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            List<ReadySource> ready = Poll(Long);
            foreach (ReadySource source in ready)
            {
                if (Equals(source.State, state)) return source;
            }

            if (Stopwatch.GetElapsedTime(start) > Long)
                Assert.Fail($"{state} was not reported by {Poller}; the last poll reported [{string.Join(", ", ready)}].");
        }
    }

    /// <summary>Polls until nothing is ready: no edge of the past is left.</summary>
    protected void Settle() => Deadline.WaitUntil(() => Poll().Count == 0);

    protected static Message Receive(ZMQSocket socket)
    {
        Message? message = null;
        Deadline.WaitUntil(() => socket.TryReceive(out message), () => $"{socket}");
        return message!;
    }

    protected static void Send(ZMQSocket socket, Message message) => Deadline.WaitUntil(() => socket.TrySend(message), () => $"{socket}");
}
