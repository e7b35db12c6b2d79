namespace ZmqLoop;

/// <summary>Calls back once, a while after <see cref="Start"/>, unless stopped. pyzmq 16's <c>DelayedCallback</c>, without its faults: a
/// stop cancels and frees, a restart counts from the restart, and errors are reported like any callback's.</summary>
/// <remarks>Loop's thread. The call runs in the contexts in force at <see cref="Start"/>.</remarks>
/// <example><code>
/// using DelayedCallback silence = new(() => Console.WriteLine("nothing for two seconds"), TimeSpan.FromSeconds(2));
/// silence.Start();
/// using ZMQStream prices = new(ZMQSocket.Create(SocketType.Pull));
/// prices.Bind("tcp://127.0.0.1:5555");
/// prices.OnRecv(_ => silence.Start()); // begins anew
/// IOLoop.Current.Start();
/// </code></example>
public sealed class DelayedCallback : IDisposable
{
    private readonly object _callback;
    private readonly IOLoop? _loop;
    private volatile CallbackTimer? _call;

    /// <summary>A delayed callback, not started.</summary>
    /// <param name="callback">What to call; it may start this again.</param>
    /// <param name="delay">How long after <see cref="Start"/>; zero and negative mean the next turn, never at once.</param>
    /// <param name="loop">The loop; null for the one that is current at <see cref="Start"/>.</param>
    public DelayedCallback(Action callback, TimeSpan delay, IOLoop? loop = null) : this((object)callback, delay, loop)
    {
    }

    /// <summary>A delayed async callback, not started.</summary>
    /// <inheritdoc cref="DelayedCallback(Action, TimeSpan, IOLoop?)"/>
    public DelayedCallback(Func<Task> callback, TimeSpan delay, IOLoop? loop = null) : this((object)callback, delay, loop)
    {
    }

    /// <summary>A delayed callback with the delay in milliseconds, as in pyzmq.</summary>
    /// <inheritdoc cref="DelayedCallback(Action, TimeSpan, IOLoop?)"/>
    public DelayedCallback(Action callback, double milliseconds, IOLoop? loop = null)
        : this(callback, Seconds.ToSpan(milliseconds / 1000, nameof(milliseconds)), loop)
    {
    }

    /// <summary>A delayed async callback with the delay in milliseconds, as in pyzmq.</summary>
    /// <inheritdoc cref="DelayedCallback(Action, TimeSpan, IOLoop?)"/>
    public DelayedCallback(Func<Task> callback, double milliseconds, IOLoop? loop = null)
        : this(callback, Seconds.ToSpan(milliseconds / 1000, nameof(milliseconds)), loop)
    {
    }

    private DelayedCallback(object callback, TimeSpan delay, IOLoop? loop)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _callback = callback;
        _loop = loop;
        Delay = delay;
    }

    /// <summary>How long after <see cref="Start"/> the call comes.</summary>
    public TimeSpan Delay { get; }

    /// <summary>True from <see cref="Start"/> until the call begins, or <see cref="Stop"/>,
    /// or the end of the loop, or of the scope that it was started in. Any thread.</summary>
    public bool IsRunning => _call is { CanCall: true };

    /// <summary>Starts the delay. Started already, it begins anew: the call comes once, at the later time.</summary>
    /// <exception cref="ObjectDisposedException">The loop is closed.</exception>
    public void Start()
    {
        IOLoop loop = _loop ?? IOLoop.Current;
        loop.VerifyTimerAccess();
        Stop();
        _call = new CallbackTimer(loop, _callback, _ => _call = null, static _ => { });
        _call.Schedule(LoopClock.Later(loop.Now, Math.Max(Delay.Ticks, 0)));
    }

    /// <summary>Cancels the call and frees what it holds; allowed when not started.</summary>
    public void Stop()
    {
        ThreadAffinity.Check(_call?.Loop ?? _loop);
        _call?.Cancel();
        _call = null;
    }

    /// <summary>The same as <see cref="Stop"/>.</summary>
    public void Dispose() => Stop();
}
