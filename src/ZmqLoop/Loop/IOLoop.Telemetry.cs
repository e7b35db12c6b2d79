using System.Diagnostics;

namespace ZmqLoop;

public partial class IOLoop
{
    private readonly LoopMeter _meter;
    private bool _observed; // whether anybody listens to the meter or the activities: read once a turn

    /// <summary>What the loop is called in logs and measurements (<see cref="IOLoopOptions.Name"/>); null for nothing. Any
    /// thread.</summary>
    public string? Name { get; }

    LoopMeter IMeteredLoop.Meter => _meter;

    /// <summary>See <see cref="LowLevel.LoopExtensions"/>.</summary>
    internal ReadOnlySpan<KeyValuePair<string, object?>> MeterTags => _meter.Tags;

    /// <summary>The loops of the process that are open at this moment: for diagnostics, with <see cref="Name"/>, <see cref="Statistics"/>
    /// and <see cref="ToString"/> of each. Any thread.</summary>
    /// <remarks>Who keeps the list keeps the loops.</remarks>
    public static IReadOnlyList<IOLoop> GetOpenLoops() => [.. LoopMeter.Open.Cast<IOLoop>()];

    /// <summary>Runs one callback where it was captured, and measures it if somebody wants to know.</summary>
    private Exception? RunCall<TCall>(in CapturedContext captured, ref TCall call) where TCall : struct, ICall =>
        _observed ? RunObserved(captured, ref call) : ContextRunner.TryRun(captured, ref call);

    private Exception? RunObserved<TCall>(in CapturedContext captured, ref TCall call) where TCall : struct, ICall
    {
        CallbackKind kind = _kind;
        long start = TimeProvider.GetTimestamp();
        TracedCall<TCall> traced = new(call, LoopMeter.NameOf(kind));
        Exception? error = ContextRunner.TryRun(captured, ref traced);
        _meter.AddCallback(TimeProvider.GetElapsedTime(start), kind);
        return error;
    }

    private void MeasureLag(long now)
    {
        long late = now - _timers.NextDeadline;
        if (late < 0) return;
        _lag.Note(now, late);
        if (LoopMeter.MeasuresLag) _meter.AddLag(new TimeSpan(late));
    }

    /// <summary>A callback inside an activity of its own, if it belongs to a trace: begun inside of what flows with the callback, so that
    /// what it starts is its child.</summary>
    private struct TracedCall<TCall>(TCall call, string name) : ICall where TCall : struct, ICall
    {
        public void Invoke()
        {
            using Activity? activity = Activity.Current is null ? null : LoopMeter.Activities.StartActivity(name);
            try
            {
                call.Invoke();
            }
            catch (Exception exception)
            {
                activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
                throw;
            }
        }
    }
}
