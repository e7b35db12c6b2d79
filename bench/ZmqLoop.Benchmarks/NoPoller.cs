using ZmqLoop.LowLevel;

namespace ZmqLoop.Benchmarks;

/// <summary>Finds nothing, at no cost: for what a loop does besides polling.</summary>
internal sealed class NoPoller : IPoller
{
    public static IOLoop CreateLoop() => new(new IOLoopOptions { Poller = new NoPoller(), MakeCurrent = false, Debug = false });

    public void Register(PollSource source, IOEvents events, object? state) => throw new NotSupportedException();

    public void Modify(PollSource source, IOEvents events) => throw new NotSupportedException();

    public void Unregister(PollSource source)
    {
    }

    public void Poll(TimeSpan timeout, ReadyList ready)
    {
    }

    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}
