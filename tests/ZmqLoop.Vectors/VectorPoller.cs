using ZmqLoop.Testing;

namespace ZmqLoop.Vectors;

/// <summary>The format's fake poller: reports by ascending number, moves the clock instead of waiting, and calls a wait that nothing can
/// end idle.</summary>
internal sealed class VectorPoller(ManualTimeProvider time, Action idle) : IPoller
{
    private const int MaxPolls = 20_000;
    private static readonly TimeSpan _idleFrom = TimeSpan.FromSeconds(3600);
    private readonly SortedDictionary<int, (IOEvents Events, object? State)> _registered = [];
    private readonly Dictionary<int, IOEvents> _ready = [];
    private readonly Queue<string> _errors = new();
    private int _polls;

    public bool IsRegistered(int descriptor) => _registered.ContainsKey(descriptor);

    public void Fire(int descriptor, IOEvents events) => _ready[descriptor] = _ready.GetValueOrDefault(descriptor) | events;

    public void Drain(int descriptor, IOEvents events) => _ready[descriptor] = _ready.GetValueOrDefault(descriptor) & ~events;

    public void FailNextPoll(string errno) => _errors.Enqueue(errno);

    public void Register(PollSource source, IOEvents events, object? state)
    {
        if (!_registered.TryAdd(source.FileDescriptor, (events, state))) throw new NamedException("OSError");
    }

    public void Modify(PollSource source, IOEvents events)
    {
        if (!_registered.TryGetValue(source.FileDescriptor, out var entry)) throw new NamedException("OSError");
        _registered[source.FileDescriptor] = (events, entry.State);
    }

    public void Unregister(PollSource source) => _registered.Remove(source.FileDescriptor);

    public void Poll(TimeSpan timeout, ReadyList ready)
    {
        if (++_polls > MaxPolls) throw new NamedException($"HALTED after {MaxPolls} polls");
        if (_errors.TryDequeue(out string? errno))
        {
            // By the contract of pollers an interrupted wait is no error: it ends early.
            if (errno == "EINTR") return;
            throw new NamedException("OSError");
        }

        foreach ((int descriptor, (IOEvents events, object? state)) in _registered)
        {
            IOEvents reported = _ready.GetValueOrDefault(descriptor) & (events | IOEvents.Error);
            if (reported != IOEvents.None) ready.Add(state, reported);
        }

        if (ready.Count > 0) return;
        if (timeout == Timeout.InfiniteTimeSpan) timeout = time.UntilNextTimer; // the loop's own
        if (timeout == Timeout.InfiniteTimeSpan || timeout >= _idleFrom) idle();
        else if (timeout > TimeSpan.Zero) time.Advance(timeout);
    }

    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}
