namespace ZmqLoop.Benchmarks;

/// <summary>The baseline of <see cref="CallbackBenchmarks"/>: a queue of callbacks with all that a loop must do and nothing of contexts,
/// other threads, or I/O.</summary>
internal sealed class BareQueue
{
    private Action?[] _ring = new Action?[64];
    private int _head;
    private int _count;

    public int Errors { get; private set; }

    public bool Stopped { get; set; }

    public void Add(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        if (_count == _ring.Length) Grow();
        _ring[(_head + _count) & (_ring.Length - 1)] = callback;
        _count++;
    }

    public void Run()
    {
        Stopped = false;
        while (!Stopped)
        {
            for (int left = _count; left > 0; left--) RunOne(Take());
        }
    }

    private void RunOne(Action callback)
    {
        try
        {
            callback();
        }
        catch (InvalidOperationException)
        {
            Errors++;
        }
    }

    private Action Take()
    {
        ref Action? slot = ref _ring[_head];
        Action callback = slot!;
        slot = null;
        _head = (_head + 1) & (_ring.Length - 1);
        _count--;
        return callback;
    }

    private void Grow()
    {
        var ring = new Action?[_ring.Length * 2];
        for (int i = 0; i < _count; i++) ring[i] = _ring[(_head + i) & (_ring.Length - 1)];
        _ring = ring;
        _head = 0;
    }
}
