namespace ZmqLoop;

/// <summary>A source that a loop watches, and what it calls when that is ready. Loop's thread, but for
/// <see cref="IScopeItem.Cancel"/>.</summary>
internal sealed class HandlerEntry(IOLoop loop, PollSource source, IOHandler callback, CapturedContext captured, int priority) : IScopeItem
{
    public readonly CapturedContext Captured = captured;

    public PollSource Source => source;

    public int Descriptor { get; } = source.FileDescriptor;

    public IOHandler Callback => callback;

    public int Priority => priority;

    public IScope? Scope => Captured.Node?.Scope;

    public bool IsRemoved { get; private set; }

    bool IScopeItem.IsDone => IsRemoved;

    void IScopeItem.Cancel() => loop.OnThread(() =>
    {
        if (!IsRemoved) loop.RemoveHandler(source);
    });

    public void MarkRemoved()
    {
        IsRemoved = true;
        Scope?.Release();
    }
}
