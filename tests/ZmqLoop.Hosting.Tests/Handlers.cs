namespace ZmqLoop.Hosting;

/// <summary>Answers with the order, in a scope that others can count.</summary>
internal sealed class Echo(ScopeProbe probe) : IMessageHandler
{
    public async Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken)
    {
        await stream.IOLoop.Delay(TimeSpan.FromMilliseconds(1), cancellationToken);
        Assert.Same(stream.IOLoop, IOLoop.Current);
        stream.Send(message.Reply($"{message[^1].ToText()} by {probe.Number}"));
    }
}

/// <summary>What each scope has one of.</summary>
internal sealed class ScopeProbe : IDisposable
{
    private static int s_made;
    private static int s_open;

    public ScopeProbe() => Interlocked.Increment(ref s_open);

    public int Number { get; } = Interlocked.Increment(ref s_made);

    public static int Open => Volatile.Read(ref s_open);

    public void Dispose() => Interlocked.Decrement(ref s_open);
}

/// <summary>Waits until it is told to give up, or, where the message says so, for ever.</summary>
internal sealed class Waiter : IMessageHandler
{
    public async Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken)
    {
        bool isDeaf = message[^1].ToText() == "deaf";
        try
        {
            await new TaskCompletionSource().Task.WaitAsync(isDeaf ? CancellationToken.None : cancellationToken);
        }
        catch (OperationCanceledException)
        {
            stream.Send(message.Reply("given up"));
        }
    }
}

/// <summary>Asks for what nobody has added.</summary>
internal sealed class Needy(Uri missing) : IMessageHandler
{
    public Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken) =>
        Task.FromException(new InvalidOperationException($"{missing}"));
}

/// <summary>Is not async, and forgets to return a task.</summary>
internal sealed class Forgetful : IMessageHandler, IRequestHandler
{
    public Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken)
    {
        stream.Send(message.Reply("sent"));
        return null!;
    }

    public Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken) => null!;
}

internal sealed class Doubler : IRequestHandler
{
    public Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new Message($"{2 * int.Parse(request.Body[0].Span)}"));
}

internal sealed class Halver : IRequestHandler
{
    public Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new Message($"{int.Parse(request.Body[0].Span) / 2}"));
}

/// <summary>Throws in its constructor what no container would.</summary>
internal sealed class Broken : IRequestHandler
{
    public Broken() => throw new FormatException("oops");

    public Task<Message> HandleAsync(ReceivedRequest request, CancellationToken cancellationToken) => null!;
}

/// <summary>Throws when it is thrown away.</summary>
internal sealed class Sticky : IMessageHandler, IAsyncDisposable
{
    public ValueTask DisposeAsync() => throw new InvalidOperationException("oops");

    public Task HandleAsync(Message message, ZMQStream stream, CancellationToken cancellationToken) => Task.CompletedTask;
}
