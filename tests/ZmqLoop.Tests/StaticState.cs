namespace ZmqLoop.Tests;

/// <summary>Tests of what is one for the process or the thread: alone, one after another, and everything put back.</summary>
[CollectionDefinition(nameof(StaticState), DisableParallelization = true)]
public sealed class StaticState : IDisposable
{
    public StaticState() => Reset();

    public void Dispose() => Reset();

    public static void Reset()
    {
        IOLoop.ClearInstance();
        IOLoop.ClearCurrent();
        IOLoop.Configure<IOLoop>(null);
    }
}
