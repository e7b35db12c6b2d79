using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ZmqLoop.Hosting;

/// <summary>A loop that the host starts and stops. It runs from the moment that somebody asks for it.</summary>
internal sealed class HostedLoop : IAsyncDisposable, IDisposable
{
    private readonly IOLoopThread _thread;
    private readonly ILogger? _logger;
    private readonly IDisposable? _changes;
    private readonly string? _title; // in logs and measurements
    private TimeSpan? _threshold;
    private bool _isLeft; // its thread, at what does not end

    /// <param name="name">By which services ask for it; empty for the application's.</param>
    /// <param name="application">What the application is called, if that is known.</param>
    /// <param name="monitor">Has its options.</param>
    /// <param name="loggers">Where it logs, unless its options say otherwise.</param>
    public HostedLoop(string name, string? application, IOptionsMonitor<HostedLoopOptions> monitor, ILoggerFactory? loggers)
    {
        HostedLoopOptions options = monitor.Get(name);
        options.Validate();
        Name = name;
        Options = options;
        _title = options.Loop.Name ?? (name.Length == 0 ? application : name);
        IOLoopOptions loop = options.Loop with
        {
            BlockingThreshold = _threshold = options.Threshold,
            LoggerFactory = options.Loop.LoggerFactory ?? loggers, Name = _title,
        };
        _thread = IOLoopThread.Start(
            () => options.Engine is { } engine ? new HostLoop(engine, loop) : new HostLoop(loop), name.Length == 0 ? null : name);
        _logger = loggers?.CreateLogger("ZmqLoop.Hosting");
        _changes = monitor.OnChange(Change);
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

    /// <summary>Waits for something that ends on the loop; when the host's time is over, for no longer than a healthy loop takes to come to
    /// it.</summary>
    /// <returns>False where it has not ended: a callback blocks the loop, or the loop has ended first.</returns>
    public async Task<bool> ComesToAsync(Task end, CancellationToken hostsTime)
    {
        using CancellationTokenSource late = new();
        await using CancellationTokenRegistration over = hostsTime.Register(() => late.CancelAfter(Options.AnswerTime));
        await end.WaitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return end.IsCompleted;
    }

    /// <summary>Ends the loop, within the host's time. One that a callback blocks is left, with its thread.</summary>
    public async Task EndAsync(CancellationToken hostsTime)
    {
        Task end = DisposeAsync().AsTask();
        if (await ComesToAsync(end, hostsTime).ConfigureAwait(false))
        {
            await end.ConfigureAwait(false);
            return;
        }

        _isLeft = true;
        CurrentCallback? current = Loop.GetCurrentCallback();
        if (_logger is not null)
            HostingLog.LoopLeft(_logger, this, current?.Origin, current is null ? 0 : Math.Round(current.Elapsed.TotalSeconds, 1));
    }

    public async ValueTask DisposeAsync()
    {
        _changes?.Dispose();
        if (Loop.IsClosed || _isLeft) return;
        await _thread.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>For a provider of services that is disposed so.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public override string ToString() => string.IsNullOrEmpty(_title) ? "The loop" : $"Loop '{_title}'";

    /// <summary>The configuration was read again, on whichever thread: nothing may be thrown there.</summary>
    private void Change(HostedLoopOptions changed, string? name)
    {
        if ((name ?? "") != Name) return;
        if (!changed.HasValidThreshold)
        {
            if (_logger is not null) HostingLog.ThresholdRefused(_logger, this, changed.BlockingThreshold);
            return;
        }

        Loop.SpawnCallback(() =>
        {
            if (_threshold == changed.Threshold) return;
            _threshold = changed.Threshold;
            Loop.SetBlockingLogThreshold(_threshold);
            string seconds = _threshold is { } time ? FormattableString.Invariant($"{time.TotalSeconds} s") : "no time";
            if (_logger is not null) HostingLog.ThresholdChanged(_logger, this, seconds);
        });
    }

    /// <summary>Is a service, too, which the container would end before what was made on it earlier: so it does nothing there.</summary>
    private sealed class HostLoop : ZMQIOLoop, IAsyncDisposable, IDisposable
    {
        public HostLoop(IOLoopOptions options) : base(options)
        {
        }

        public HostLoop(ZMQEngine engine, IOLoopOptions options) : base(engine, options)
        {
        }

        ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;

        void IDisposable.Dispose()
        {
        }
    }
}
