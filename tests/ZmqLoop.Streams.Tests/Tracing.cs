using System.Diagnostics;

namespace ZmqLoop.Streams.Tests;

/// <summary>Listens to activities of its own name alone, since listeners hear the whole process.</summary>
internal sealed class Tracing : IDisposable
{
    private static int _names;

    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly ActivitySource _source = new("ZmqLoop.Streams.Tests");

    public Tracing(ActivitySamplingResult wanted = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is ZmqLoopTelemetry.ActivitySourceName or "ZmqLoop.Streams.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> made) =>
                made.Name.Contains(Name, StringComparison.Ordinal) ? wanted : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                lock (_ended) _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public string Name { get; } = $"traced stream {Interlocked.Increment(ref _names)}";

    /// <summary>In the order of their ends.</summary>
    public IReadOnlyList<Activity> Ended
    {
        get
        {
            lock (_ended) return [.. _ended];
        }
    }

    /// <summary>What a user does, in an activity of its own.</summary>
    public Activity Begin() => _source.StartActivity(Name)!;

    public Activity The(string operation) =>
        Assert.Single(Ended, activity => activity.OperationName == $"{operation} {Name}");

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }
}
