using System.Diagnostics;

namespace ZmqLoop.Streams.Tests;

/// <summary>Activities that are not as they should be: over where they flow to.</summary>
[Collection(nameof(MeterTests))]
public sealed class ActivityTests : IDisposable
{
    private readonly Tracing _tracing = new();

    private ZMQStreamOptions Options => new() { Name = _tracing.Name, PropagateTrace = true };

    public void Dispose() => _tracing.Dispose();

    [Fact]
    public void What_is_current_stays_so_where_something_is_sent_though_it_has_ended()
    {
        using TwoStreams pair = new(SocketType.Push, SocketType.Pull, Options);
        List<Activity?> inside = [];
        using Activity work = _tracing.Begin();
        pair.Loop.AddCallback(() =>
        {
            pair.Sender.Send("1");
            inside.Add(Activity.Current);
            pair.Sender.Send("2");
            inside.Add(Activity.Current);
        });
        work.Stop();
        pair.Loop.RunUntilIdle();
        Assert.Equal([work, work], inside);
        Activity[] sent = [.. _tracing.Ended.Where(static activity => activity.Kind == ActivityKind.Producer)];
        Assert.Equal([work.SpanId, work.SpanId], sent.Select(static activity => activity.ParentSpanId));
    }
}
