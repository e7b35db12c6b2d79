using ZmqLoop.Streams;

namespace ZmqLoop.Hosting;

/// <summary>What the host binds, starts and finishes: a stream, a responder or a request client.</summary>
internal abstract class HostedSocket(SocketContext context, SocketPlan plan) : IDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(0.01);

    private readonly Lock _gate = new();
    private bool _isMade;
    private SocketMonitor? _monitor; // where connections are required

    public string Name => context.Name;

    public HostedLoop Loop => context.Loop;

    public int RequiredPeers => plan.RequiredPeers;

    /// <summary>How many connections there are, where some are required.</summary>
    public int Peers => _monitor?.Statistics.Open ?? 0;

    /// <summary>Whether it finishes before the hosted services stop, as a server does, or after them, as what they use.</summary>
    public abstract bool IsServer { get; }

    public abstract bool IsClosed { get; }

    public abstract int HandlersRunning { get; }

    public abstract TimeSpan? OldestHandlerAge { get; }

    protected IServiceProvider Services => context.Services;

    protected abstract ZMQSocket Socket { get; }

    protected abstract int Unsent { get; }

    /// <summary>How many messages had come and were not read; null where nobody knows.</summary>
    protected abstract int? Unread { get; }

    protected abstract TimeSpan DrainTime { get; }

    protected abstract string Kind { get; }

    /// <summary>Names have no case, as those of a configuration's sections.</summary>
    public static bool AreSame(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    /// <summary>Makes it, where nobody has asked for it yet; it is not bound yet.</summary>
    public void Make()
    {
        lock (_gate)
        {
            if (_isMade) return;
            Loop.Run(() => Explain("cannot be made", null, () =>
            {
                ZMQSocket socket = (Loop.Options.Engine ?? ((ZMQIOLoop)Loop.Loop).Engine).CreateSocket(plan.Type);
                try
                {
                    plan.Apply(socket);
                    MakeOver(socket);
                }
                catch
                {
                    socket.Close(TimeSpan.Zero);
                    throw;
                }
            }));
            _isMade = true;
        }
    }

    /// <summary>Makes and binds it.</summary>
    public async Task BindAsync()
    {
        await TryHandlerAsync().ConfigureAwait(false);
        Make();
        Loop.Run(() =>
        {
            if (RequiredPeers > 0) _monitor = new SocketMonitor(Socket, Loop.Loop).CountOnly();
            foreach (PlannedEndpoint endpoint in plan.Bind)
            {
                Explain("cannot bind", endpoint.Key, () => Bind(endpoint.Address));
                HostingLog.Bound(context.Logger, this, Socket.LastEndpoint);
            }
        });
    }

    /// <summary>Connects it, when all are bound: inproc over NetMQ wants that order.</summary>
    public void Connect() => Loop.Run(() =>
    {
        foreach (PlannedEndpoint endpoint in plan.Connect)
        {
            Explain("cannot connect", endpoint.Key, () => Connect(endpoint.Address));
            HostingLog.Connects(context.Logger, this, endpoint.Address);
        }
    });

    /// <summary>Calls the handler from now on.</summary>
    public void Begin() => Loop.Run(() => NullContext.RunDetached(BeginHere));

    /// <summary>Ends it, within the loop's time and the host's.</summary>
    public async Task EndAsync(CancellationToken hostsTime)
    {
        if (!_isMade || IsClosed) return;
        long begun = TimeProvider.System.GetTimestamp();
        int unsent = 0;
        await using CancellationTokenRegistration over = hostsTime.Register(() =>
        {
            LookAtRest();
            Close();
        });
        TimeSpan limit = IsServer ? Loop.Options.FinishTime / 2 : DrainTime;
        if (!IsServer) LookBefore(limit);
        Task<bool> end = IsServer ? FinishAsync(limit, WaitAsync) : CloseAsync(limit);
        bool isClean = await Loop.ComesToAsync(end, hostsTime).ConfigureAwait(false) && await end.ConfigureAwait(false);
        if (isClean) HostingLog.Finished(context.Logger, this);
        else HostingLog.GaveUp( // handlers that its end has left under way still count
            context.Logger, this, Seconds(begun), HandlersRunning, unsent, Unread is { } unread ? $"{unread}" : "an unknown number");

        async Task WaitAsync()
        {
            TimeSpan left = limit - TimeProvider.System.GetElapsedTime(begun); // for closing
            long waits = TimeProvider.System.GetTimestamp();
            while (HandlersRunning + Unsent > 0 && !IsClosed && TimeProvider.System.GetElapsedTime(waits) < limit)
                await Loop.Loop.Delay(_pause, CancellationToken.None);
            LookBefore(left);
        }

        // What has been closed has nothing left to count: so this comes before the timer of its closing, which is set later.
        void LookBefore(TimeSpan over)
        {
            double when = Loop.Loop.Time() + over.TotalSeconds;
            Loop.Loop.SpawnCallback(() => Loop.Loop.CallAt(when, LookAtRest));
        }

        void LookAtRest()
        {
            if (!Socket.IsClosed) unsent = Unsent;
        }
    }

    /// <summary>It would end by itself when it hears that its socket has, for which the loop may have no turn left.</summary>
    public void EndMonitor() => _monitor?.Close();

    public void Dispose()
    {
        if (_isMade) Close();
        GC.SuppressFinalize(this);
    }

    public override string ToString() => $"{Kind} '{Name}'";

    protected abstract void MakeOver(ZMQSocket socket);

    protected abstract Task TryHandlerAsync();

    protected abstract void BeginHere();

    protected abstract void Bind(string endpoint);

    protected abstract void Connect(string endpoint);

    protected abstract Task<bool> FinishAsync(TimeSpan limit, Func<Task> work);

    protected abstract Task<bool> CloseAsync(TimeSpan drain);

    protected abstract void Close();

    private void Explain(string what, string? key, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{this} {what}{(key is null ? "" : $" ({key})")}: {exception.Message}", exception);
        }
    }

    private static double Seconds(long begun) => Math.Round(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 1);
}
