using System.Diagnostics;

namespace ZmqLoop;

public partial class IOLoop
{
    private bool _observed; // whether anybody listens to the meter or the activities: read once a turn

    /// <summary>Runs one callback where it was captured, and measures it if somebody wants to know.</summary>
    private Exception? RunCall<TCall>(in CapturedContext captured, ref TCall call) where TCall : struct, ICall =>
        _observed ? RunObserved(captured, ref call) : ContextRunner.TryRun(captured, ref call);

    private Exception? RunObserved<TCall>(in CapturedContext captured, ref TCall call) where TCall : struct, ICall
    {
        string name = _kind switch
        {
            CallbackKind.Timeout => "timeout",
            CallbackKind.Handler => "handler",
            _ => "callback",
        };
        long start = TimeProvider.GetTimestamp();
        TracedCall<TCall> traced = new(call, name);
        Exception? error = ContextRunner.TryRun(captured, ref traced);
        LoopMeter.CallbackDuration.Record(TimeProvider.GetElapsedTime(start).TotalSeconds,
            new KeyValuePair<string, object?>("zmqloop.callback.kind", name));
        return error;
    }

    private void MeasureLag(long now)
    {
        if (LoopMeter.Lag.Enabled && _timers.NextDeadline <= now)
            LoopMeter.Lag.Record(new TimeSpan(now - _timers.NextDeadline).TotalSeconds);
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
