using System.Threading.Channels;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Peers;

/// <summary>Our side: a loop on a thread of its own, with streams on it.</summary>
internal sealed class OurSide : IAsyncDisposable
{
    private readonly List<OurStream> _streams = [];
    private readonly IOLoopThread _thread;

    public OurSide(EngineUnderTest subject)
    {
        Engine = subject.CreateEngine();
        _thread = IOLoopThread.Start(() => new ZMQIOLoop(Engine));
        _thread.Loop.UnhandledException += (_, error) => Errors.Writer.TryWrite(error.Exception);
    }

    public IOLoop Loop => _thread.Loop;

    public ZMQEngine Engine { get; }

    /// <summary>What no one consumed.</summary>
    public Channel<Exception> Errors { get; } = Channel.CreateUnbounded<Exception>();

    public async Task<OurStream> OpenAsync(SocketType type, Action<ZMQSocket>? prepare = null, bool receive = true)
    {
        OurStream stream = await Loop.InvokeAsync(() =>
        {
            ZMQSocket socket = Engine.CreateSocket(type);
            socket.Linger = TimeSpan.Zero;
            prepare?.Invoke(socket);
            return new OurStream(new ZMQStream(socket, Loop), receive && type is not (SocketType.Push or SocketType.Pub));
        });
        _streams.Add(stream);
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.InvokeAsync(() => _streams.ForEach(static stream => stream.Stream.Close(TimeSpan.Zero)));
        await _thread.DisposeAsync();
        Engine.Dispose();
    }
}

/// <summary>A stream of ours whose messages wait to be looked at.</summary>
internal sealed class OurStream
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60); // only a failure waits for it

    private readonly Channel<Message> _received = Channel.CreateUnbounded<Message>();

    public OurStream(ZMQStream stream, bool receive)
    {
        Stream = stream;
        if (receive) BeginReceiving();
    }

    public ZMQStream Stream { get; }

    public void BeginReceiving() => Stream.OnRecv(message => _received.Writer.TryWrite(message));

    public Task<string> BindAsync() => Stream.IOLoop.InvokeAsync(() =>
    {
        Stream.Bind("tcp://127.0.0.1:*");
        return Stream.Socket.LastEndpoint;
    });

    public Task ConnectAsync(string endpoint) => Stream.IOLoop.InvokeAsync(() => Stream.Connect(endpoint));

    public async Task<Message> ReceiveAsync()
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(_limit);
        return await _received.Reader.ReadAsync(late.Token);
    }

    /// <summary>Begins to wait for something to happen below.</summary>
    public async Task<Task<SocketEvent>> WatchAsync(ZMQSocketEvents events)
    {
        TaskCompletionSource<SocketEvent> happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Stream.IOLoop.InvokeAsync(() =>
        {
            SocketMonitor monitor = new(Stream.Socket, Stream.IOLoop, events);
            monitor.OnEvent(e =>
            {
                happened.TrySetResult(e);
                monitor.Close();
            });
        });
        return happened.Task.WaitAsync(_limit, TestContext.Current.CancellationToken);
    }

    /// <summary>The frames as <see cref="PeerSocket.Describe"/> has them.</summary>
    public async Task<string[]> ReceiveDescribedAsync() =>
        [.. (await ReceiveAsync()).Select(static frame => PeerSocket.Describe(frame.Span))];

    /// <summary>Sends again and again until something else has ended: a PUB drops what comes before its subscriber.</summary>
    public async Task RepeatAsync(Message message, Task until)
    {
        Task<bool> repeating = Stream.IOLoop.InvokeAsync(() =>
        {
            TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            PeriodicCallback again = new(() => Stream.Send(message), TimeSpan.FromMilliseconds(5), Stream.IOLoop);
            again.Start();
            Stream.IOLoop.AddFuture(until, _ =>
            {
                again.Stop();
                done.SetResult(true);
            });
            return done.Task;
        });
        await repeating;
        await until;
    }
}
