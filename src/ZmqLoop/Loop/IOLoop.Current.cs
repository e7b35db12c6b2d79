using System.Diagnostics;

namespace ZmqLoop;

public partial class IOLoop
{
    private static readonly Lock _instanceGate = new();
    private static IOLoop? _instance;
    private static StackTrace? _instanceInstalledAt;

    [ThreadStatic]
    private static IOLoop? t_current;

    /// <summary>The process-wide loop, made on demand: a <see cref="ZMQIOLoop"/> where that was installed, else what <see cref="Configure{TLoop}"/> said, else a loop without an engine. Any thread. tornado <c>instance()</c>.</summary>
    public static IOLoop Instance
    {
        get
        {
            lock (_instanceGate) return _instance ?? SetInstance(CreateConfigured());
        }
    }

    /// <summary>True once there is a process-wide loop. Any thread. tornado <c>initialized()</c>.</summary>
    public static bool Initialized
    {
        get
        {
            lock (_instanceGate) return _instance is not null;
        }
    }

    /// <summary>This thread's loop, or <see cref="Instance"/> where it has none. tornado <c>current()</c>.</summary>
    public static IOLoop Current => CurrentOrNull ?? Instance;

    /// <summary>This thread's loop, or null. tornado <c>current(instance=False)</c>.</summary>
    /// <remarks>A loop that was closed, possibly on another thread, is nobody's current one.</remarks>
    public static IOLoop? CurrentOrNull
    {
        get
        {
            if (t_current is { IsClosed: true }) t_current = null;
            return t_current;
        }
    }

    /// <summary>Makes this loop the process-wide one. Doing it again changes nothing. tornado's instance method <c>install()</c>.</summary>
    /// <exception cref="InvalidOperationException">There is another one; the message says which, and where it was installed.</exception>
    public void InstallAsInstance()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        lock (_instanceGate)
        {
            if (ReferenceEquals(_instance, this)) return;
            ThrowIfInstalled(this);
            SetInstance(this);
        }
    }

    /// <summary>Forgets the process-wide loop without closing it: for tests and for processes that start over. tornado <c>clear_instance()</c>.</summary>
    public static void ClearInstance()
    {
        lock (_instanceGate)
        {
            _instance = null;
            _instanceInstalledAt = null;
        }
    }

    /// <summary>Makes this loop the thread's <see cref="Current"/>; <see cref="Start()"/> does so by itself. tornado <c>make_current()</c>.</summary>
    public void MakeCurrent()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        t_current = this;
    }

    /// <summary>Leaves the thread without a loop; nothing happens if it has none. tornado <c>clear_current()</c>.</summary>
    public static void ClearCurrent() => t_current = null;

    internal IContextHost Host => _host;

    internal static IOLoop? SwapCurrent(IOLoop? loop)
    {
        IOLoop? before = t_current;
        t_current = loop;
        return before;
    }

    /// <summary>Installs the process-wide loop that <paramref name="create"/> makes, unless one that fits is there.</summary>
    private protected static IOLoop InstallInstance(Func<IOLoop, bool> fits, Func<IOLoop> create, Type wanted)
    {
        lock (_instanceGate)
        {
            if (_instance is { } present && fits(present)) return present;
            ThrowIfInstalled(wanted);
            return SetInstance(create());
        }
    }

    private static IOLoop SetInstance(IOLoop loop)
    {
        _instanceInstalledAt = new StackTrace(skipFrames: 1, fNeedFileInfo: false);
        return _instance = loop;
    }

    private static void ThrowIfInstalled(object wanted)
    {
        if (_instance is not { } present) return;
        throw new InvalidOperationException(
            $"Cannot install {wanted}: the process-wide loop is {present} already. Install yours first thing at startup, or call ClearInstance. It was made here:{Environment.NewLine}{_instanceInstalledAt}");
    }

    private void ClaimCurrent(bool? makeCurrent)
    {
        if (makeCurrent == false) return;
        if (CurrentOrNull is { } present)
        {
            if (makeCurrent == true) throw new InvalidOperationException($"This thread has a current loop already: {present}.");
            return;
        }

        t_current = this;
    }

    private void ForgetCurrent()
    {
        if (ReferenceEquals(t_current, this)) t_current = null;
        lock (_instanceGate)
        {
            if (!ReferenceEquals(_instance, this)) return;
            _instance = null;
            _instanceInstalledAt = null;
        }
    }
}
