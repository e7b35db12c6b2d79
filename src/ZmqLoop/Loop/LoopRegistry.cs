using System.Diagnostics;

namespace ZmqLoop;

/// <summary>Which loop is the process's and which is each thread's. Any thread.</summary>
internal static class LoopRegistry
{
    private static readonly Lock _gate = new();
    private static IOLoop? _instance;
    private static StackTrace? _installedAt;
    private static Func<IOLoop>? _factory;
    private static Type? _configuredClass;
    private static bool _creating;

    [ThreadStatic]
    private static IOLoop? t_current;

    /// <summary>The process-wide loop, made where there is none.</summary>
    public static IOLoop Instance
    {
        get
        {
            lock (_gate) return _instance ?? SetInstance(Create());
        }
    }

    public static bool HasInstance
    {
        get
        {
            lock (_gate) return _instance is not null;
        }
    }

    /// <summary>What kind of loop <see cref="Instance"/> makes; null where nothing was configured.</summary>
    public static Type? ConfiguredClass
    {
        get
        {
            lock (_gate) return _configuredClass;
        }
    }

    /// <summary>This thread's loop, or null. One that was closed, possibly on another thread, is nobody's current one.</summary>
    public static IOLoop? Current
    {
        get
        {
            if (t_current is { IsClosed: true }) Current = null;
            return t_current;
        }

        set
        {
            t_current = value;
            CurrentEngine.OfThread = value;
        }
    }

    /// <summary>Sets this thread's loop, and returns the one before.</summary>
    public static IOLoop? SwapCurrent(IOLoop? loop)
    {
        IOLoop? before = t_current;
        Current = loop;
        return before;
    }

    /// <summary>A new loop becomes this thread's, as <see cref="IOLoopOptions.MakeCurrent"/> says.</summary>
    public static void ClaimCurrent(IOLoop loop, bool? makeCurrent)
    {
        if (makeCurrent == false) return;
        if (Current is not { } present)
        {
            Current = loop;
            return;
        }

        if (makeCurrent == true) throw new InvalidOperationException($"This thread has a current loop already: {present}.");
    }

    /// <summary>How <see cref="Instance"/> is made from now on.</summary>
    public static void Configure<TLoop>(Func<TLoop>? factory) where TLoop : IOLoop
    {
        lock (_gate)
        {
            _factory = factory;
            _configuredClass = factory is null ? null : typeof(TLoop);
        }
    }

    /// <summary>Installs the process-wide loop that <paramref name="create"/> makes, unless one that fits is there.</summary>
    public static IOLoop Install(Func<IOLoop, bool> fits, Func<IOLoop> create, Type wanted)
    {
        lock (_gate)
        {
            if (_instance is { } present && fits(present)) return present;
            ThrowIfInstalled(wanted);
            return SetInstance(create());
        }
    }

    /// <summary>Makes this the process-wide loop.</summary>
    public static void Install(IOLoop loop)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_instance, loop)) return;
            ThrowIfInstalled(loop);
            SetInstance(loop);
        }
    }

    public static void ClearInstance()
    {
        lock (_gate)
        {
            _instance = null;
            _installedAt = null;
            CurrentEngine.OfProcess = null;
        }
    }

    /// <summary>A loop is closed: it is neither this thread's nor the process's any more.</summary>
    public static void Forget(IOLoop loop)
    {
        if (ReferenceEquals(t_current, loop)) Current = null;
        lock (_gate)
        {
            if (ReferenceEquals(_instance, loop)) ClearInstance();
        }
    }

    private static IOLoop SetInstance(IOLoop loop)
    {
        _installedAt = new StackTrace(skipFrames: 1, fNeedFileInfo: false);
        CurrentEngine.OfProcess = loop;
        return _instance = loop;
    }

    private static void ThrowIfInstalled(object wanted)
    {
        if (_instance is not { } present) return;
        throw new InvalidOperationException(
            $"Cannot install {wanted}: the process-wide loop is {present} already. Install yours first thing at startup, or call "
            + $"ClearInstance. It was made here:{Environment.NewLine}{_installedAt}");
    }

    private static IOLoop Create()
    {
        if (_creating) throw new InvalidOperationException("The factory given to Configure asked for the Instance that it is making.");
        if (_factory is not { } create) return new IOLoop(new IOLoopOptions { MakeCurrent = false });
        IOLoop? current = t_current;
        _creating = true;
        try
        {
            return create() ?? throw new InvalidOperationException("The factory given to Configure returned null instead of a loop.");
        }
        finally
        {
            _creating = false;
            Current = current; // the process-wide loop is not this thread's own, whoever asked first
        }
    }
}
