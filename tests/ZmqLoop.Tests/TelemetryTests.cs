using System.Diagnostics.Metrics;
using ZmqLoop.Testing;

namespace ZmqLoop.Tests;

/// <summary>Meters are one for the process: these tests run alone.</summary>
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

    [Fact]
    public void Loops_are_told_apart_by_their_names_and_those_of_one_name_are_one_series()
    {
        using IOLoop first = new(new IOLoopOptions { Name = "named", MakeCurrent = false });
        using IOLoop second = new(new IOLoopOptions { Name = "named", MakeCurrent = false });
        using IOLoop third = new(new IOLoopOptions { Name = "named otherwise", MakeCurrent = false });
        foreach (IOLoop loop in (IOLoop[])[first, second, third]) loop.AddCallback(() => { });
        List<(string? Name, long Value)> counts = [.. ObserveByName("zmqloop.loop.queue.length")];
        Assert.Equal([("named", 2), ("named otherwise", 1)], counts.Where(static count => count.Name is not null).Order());
        Assert.Equal(3, IOLoop.GetOpenLoops().Count(static loop => loop.Name?.StartsWith("named", StringComparison.Ordinal) == true));
        Assert.Contains("IOLoop 'named' (not running", first.ToString(), StringComparison.Ordinal);

        first.Close();
        Assert.DoesNotContain(first, IOLoop.GetOpenLoops());
        Assert.Contains(("named", 1), ObserveByName("zmqloop.loop.count"));
    }

    [Fact]
    public void A_name_of_a_loop_is_not_empty() =>
        Assert.Throws<ArgumentException>(static () => new IOLoopOptions { Name = " " });

    [Fact]
    public void A_closed_loops_turns_stay_counted_under_its_name()
    {
        using IOLoop loop = new(new IOLoopOptions { Name = "counted on", MakeCurrent = false });
        loop.RunOnce(TimeSpan.Zero);
        loop.RunOnce(TimeSpan.Zero);
        loop.Close();
        Assert.Contains(("counted on", 2), ObserveByName("zmqloop.loop.iterations"));
    }

    private static List<(string? Name, long Value)> ObserveByName(string instrument)
    {
        List<(string?, long)> seen = [];
        using MeterListener listener = new()
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter.Name == ZmqLoopTelemetry.MeterName && published.Name == instrument)
                    self.EnableMeasurementEvents(published);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            seen.Add(((string?)tags.ToArray().FirstOrDefault(static tag => tag.Key == "zmqloop.loop.name").Value, value)));
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
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
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            seen[instrument.Name] = seen.GetValueOrDefault(instrument.Name) + value);
        listener.Start();
        listener.RecordObservableInstruments();
        return seen;
    }
}
