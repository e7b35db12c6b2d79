using System.Diagnostics;
using System.Runtime.ExceptionServices;

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
    /// <param name="captured">Where; then where it has run, for the report of what it threw.</param>
    /// <param name="work">The callback.</param>
    private Exception? RunCall(ref CapturedContext captured, ref WorkItem work) =>
        _observed ? RunObserved(ref captured, ref work, work.Activity) : ContextRunner.TryRun(captured, ref work);

    /// <summary>Who listens is somebody else's code: where that throws, the callback runs nevertheless, and it is reported as the
    /// callback's, whose trace it is in.</summary>
    private Exception? RunObserved<TCall>(ref CapturedContext captured, ref TCall call, Activity? begun) where TCall : struct, ICall
    {
        CallbackKind kind = _kind;
        long start = TimeProvider.GetTimestamp();
        Activity? activity = begun;
        Exception? failure = null;
        try
        {
            if (begun is null) captured = captured.Begin(LoopMeter.Activities, LoopMeter.NameOf(kind), out activity);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _async.Activity = activity;
        Exception? error = ContextRunner.TryRun(captured, ref call);
        activity = _async.TakeActivity(); // unless an async callback goes on with it
        try
        {
            if (activity is not null) End(activity, error);
            _meter.AddCallback(TimeProvider.GetElapsedTime(start), kind);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return error ?? failure;
    }

    /// <summary>What an error says may be secret: its kind is enough.</summary>
    private static void End(Activity activity, Exception? error)
    {
        if (error is not null) activity.SetTag("error.type", TypeOf(error)).SetStatus(ActivityStatusCode.Error);
        Activity? outer = Activity.Current;
        try
        {
            activity.Dispose();
        }
        finally
        {
            Activity.Current = outer;
        }
    }

    /// <summary>The same outside of the callback, on any thread: what a listener throws is reported in the next turn.</summary>
    private void EndElsewhere(Activity activity, Exception? error)
    {
        try
        {
            End(activity, error);
        }
        catch (Exception exception)
        {
            SpawnCallback(() => ExceptionDispatchInfo.Throw(exception));
        }
    }

    private static string TypeOf(Exception error) =>
        error is ZMQException { Name.Length: > 0 } failure ? failure.Name : error.GetType().FullName!;

    /// <summary>Reports what left a callback, in what had flowed to that: the log's entry has its scopes and its trace.</summary>
    private void ReportEscaped(Exception error, CallbackOrigin origin, in CapturedContext captured)
    {
        ExecutionContext? outside = ExecutionContext.Capture();
        if (captured.ExecutionContext is { } inside && outside is not null) ExecutionContext.Restore(inside);
        try
        {
            _reports.ReportEscaped(error, origin);
        }
        finally
        {
            if (outside is not null) ExecutionContext.Restore(outside);
        }
    }

    private void MeasureLag(long now)
    {
        long late = now - _timers.NextDeadline;
        if (late < 0) return;
        _lag.Note(now, late);
        if (!LoopMeter.MeasuresLag) return;
        try
        {
            _meter.AddLag(new TimeSpan(late));
        }
        catch (Exception exception)
        {
            _reports.Report(exception, new CallbackOrigin(CallbackKind.Timeout));
        }
    }
}
