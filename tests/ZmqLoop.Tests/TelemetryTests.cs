using System.Diagnostics;
using System.Diagnostics.Metrics;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>Meters and activities are one for the process: these tests run alone.</summary>
[Collection(nameof(StaticState))]
public sealed class TelemetryTests : IDisposable
{
    private readonly ScriptedLoop _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Callbacks_are_measured_by_kind_while_somebody_listens()
    {
        List<(string Kind, double Seconds)> durations = [];
        using MeterListener listener =
            Listen("zmqloop.loop.callback.duration", (value, tags) => durations.Add(((string)tags[0].Value!, value)));
        _loop.AddCallback(() => _loop.ManualTime.Advance(TimeSpan.FromSeconds(2)));
        _loop.CallLater(TimeSpan.FromSeconds(5), () => _loop.ManualTime.Advance(TimeSpan.FromSeconds(3)));
        _loop.AddHandler(7, (_, _) => _loop.RemoveHandler(7), IOEvents.Read);
        _loop.Poller.Fire(7, IOEvents.Read);
        _loop.RunUntilIdle();
        Assert.Equal([("callback", 2), ("handler", 0), ("timeout", 3)], durations);
    }

    [Fact]
    public void Lag_is_how_late_the_earliest_due_timer_was()
    {
        List<double> lags = [];
        using MeterListener listener = Listen("zmqloop.loop.lag", (value, _) => lags.Add(value));
        _loop.CallLater(TimeSpan.FromSeconds(1), () => { });
        _loop.CallLater(TimeSpan.FromSeconds(2), () => { });
        _loop.CallLater(TimeSpan.FromSeconds(10), () => { });
        _loop.AddCallback(() => _loop.ManualTime.Advance(TimeSpan.FromSeconds(4)));
        _loop.RunUntilIdle();
        Assert.Equal([3, 0], lags);
    }

    [Fact]
    public void Turns_queues_and_timers_of_all_loops_can_be_observed()
    {
        using ScriptedLoop other = new();
        _loop.AddCallback(() => { });
        other.AddCallback(() => { });
        other.CallLater(TimeSpan.FromSeconds(1), () => { });
        Dictionary<string, long> seen = Observe();
        Assert.True(seen["zmqloop.loop.queue.length"] >= 2);
        Assert.True(seen["zmqloop.loop.timers.active"] >= 1);

        long before = seen["zmqloop.loop.iterations"];
        other.RunUntilIdle();
        long turns = other.Statistics.Turns;
        other.Close();
        Assert.True(Observe()["zmqloop.loop.iterations"] >= before + turns); // a closed loop's turns stay counted
    }

    [Fact]
    public void A_callback_of_a_traced_operation_is_an_activity_of_its_own_and_parent_of_what_it_starts()
    {
        using ActivitySource source = new("ZmqLoop.Tests");
        List<Activity> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = candidate => candidate.Name is ZmqLoopTelemetry.ActivitySourceName or "ZmqLoop.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        Activity? inside = null;
        using (Activity? request = source.StartActivity("request"))
        {
            _loop.AddCallback(() =>
            {
                inside = Activity.Current;
                using Activity? child = source.StartActivity("child");
            });
            _loop.AddCallback(() => throw new InvalidOperationException("broken"));
        }

        _loop.AddCallback(() => Assert.Null(Activity.Current)); // belongs to no trace, and gets no activity
        _loop.RunUntilIdle();
        Assert.Equal(["request", "child", "callback", "callback"], ended.Select(activity => activity.OperationName));
        Assert.Same(inside, ended[2]);
        Assert.Equal(ended[0].SpanId, ended[2].ParentSpanId);
        Assert.Equal(ended[2].SpanId, ended[1].ParentSpanId);
        Assert.Equal((ActivityStatusCode.Error, "broken"), (ended[3].Status, ended[3].StatusDescription));
        Assert.Single(_loop.Errors);
    }

    [Fact]
    public async Task A_loop_that_runs_elsewhere_is_stopped_and_closed_by_DisposeAsync()
    {
        IOLoop loop = new(new IOLoopOptions { MakeCurrent = false });
        Thread thread = new(loop.Start);
        thread.Start();
        await loop.InvokeAsync(() => { });
        await Assert.ThrowsAsync<InvalidOperationException>(() => loop.InvokeAsync(() => loop.DisposeAsync().AsTask()));
        await loop.DisposeAsync();
        Assert.True(loop.IsClosed);
        await loop.DisposeAsync();
        Assert.True(thread.Join(Deadline.Default));
    }

    private static MeterListener Listen(string instrument, Action<double, KeyValuePair<string, object?>[]> record)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Name == ZmqLoopTelemetry.MeterName && published.Name == instrument)
                    self.EnableMeasurementEvents(published);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => record(value, tags.ToArray()));
        listener.Start();
        return listener;
    }

    private static Dictionary<string, long> Observe()
    {
        Dictionary<string, long> seen = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = static (published, self) =>
            {
                if (published.Meter.Name == ZmqLoopTelemetry.MeterName) self.EnableMeasurementEvents(published);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
