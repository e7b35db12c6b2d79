using Microsoft.Extensions.Logging;

namespace ZmqLoop.Hosting;

/// <summary>A loop that the host starts and stops. It runs from the moment that somebody asks for it.</summary>
internal sealed class HostedLoop : IAsyncDisposable
{
    private readonly IOLoopThread _thread;

    public HostedLoop(string name, HostedLoopOptions options, ILoggerFactory? loggers)
    {
        options.Validate();
        Name = name;
        Options = options;
        IOLoopOptions loop = options.Loop with
        {
            LoggerFactory = options.Loop.LoggerFactory ?? loggers, Name = options.Loop.Name ?? (name.Length == 0 ? null : name),
        };
        _thread = IOLoopThread.Start(
            () => options.Engine is { } engine ? new ZMQIOLoop(engine, loop) : new ZMQIOLoop(loop), name.Length == 0 ? null : name);
    }

    public string Name { get; }

    public HostedLoopOptions Options { get; }

    public IOLoop Loop => _thread.Loop;

    /// <summary>Ends with the loop; fails with what ended it.</summary>
    public Task Completion => _thread.Completion;

    /// <summary>Runs something on the loop, and waits for it.</summary>
    public void Run(Action action)
    {
        if (Loop.CheckAccess()) action();
        else Loop.InvokeAsync(action).GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (Loop.IsClosed) return;
        await _thread.DisposeAsync().ConfigureAwait(false);
    }

    public override string ToString() => Name.Length == 0 ? "The loop" : $"Loop '{Name}'";
}
