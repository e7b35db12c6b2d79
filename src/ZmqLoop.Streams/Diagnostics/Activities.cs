using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace ZmqLoop.Streams;

/// <summary>Where activities of messages and requests come from. None is made while nobody listens.</summary>
internal static class Activities
{
    private static readonly ActivitySource _source =
        new(ZmqLoopTelemetry.ActivitySourceName, typeof(Activities).Assembly.GetName().Version?.ToString(3));

    /// <summary>True while somebody listens: looked at before anything is made.</summary>
    public static bool HasListeners => _source.HasListeners();

    /// <summary>Begins an activity, and leaves the current one as it is. Null where nobody wants it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="parent">Its parent, <c>default</c> for none; null for the current activity.</param>
    /// <param name="tags">What it is known by from its beginning, for samplers.</param>
    public static Activity? Begin(string name, ActivityKind kind, ActivityContext? parent, KeyValuePair<string, object?>[] tags)
    {
        CurrentActivity current = new();
        try
        {
            if (parent == default(ActivityContext) && Activity.Current is not null) Activity.Current = null; // it would be the parent
            return _source.StartActivity(name, kind, parent ?? default, tags);
        }
        catch (Exception exception)
        {
            Report(exception);
            return null;
        }
        finally
        {
            current.Restore();
        }
    }

    /// <summary>Ends an activity, and leaves the current one as it is.</summary>
    /// <param name="activity">The activity.</param>
    /// <param name="errorType">What kind of error it ended with; null for none. What that says may be secret, and is not told.</param>
    public static void End(Activity activity, string? errorType = null)
    {
        if (errorType is not null) Fail(activity, errorType);
        CurrentActivity current = new();
        try
        {
            activity.Dispose();
        }
        catch (Exception exception)
        {
            Report(exception);
        }
        finally
        {
            current.Restore();
        }
    }

    /// <summary>One that the loop is to come to the end of ends with the loop, where that is closed before.</summary>
    /// <returns>To be disposed of at its end.</returns>
    public static CancellationTokenRegistration EndWith(IOLoop loop, Activity? activity) => activity is null ? default
        : loop.Closed.UnsafeRegister(static lost => End((Activity)lost!, typeof(ObjectDisposedException).FullName), activity);

    /// <summary>It will have ended with an error.</summary>
    public static void Fail(Activity activity, string errorType)
    {
        activity.SetTag("error.type", errorType);
        activity.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>Where an activity stands in its trace, to be told to others; <c>default</c> where there is none.</summary>
    public static ActivityContext ContextOf(Activity? activity) =>
        activity is { IdFormat: ActivityIdFormat.W3C } known ? known.Context : default;

    /// <summary>What <c>error.type</c> says of an error, here and in measurements.</summary>
    public static string TypeOf(Exception error) =>
        error is ZMQException { Name.Length: > 0 } failure ? failure.Name : error.GetType().FullName!;

    /// <summary>Who listens, and chooses what is recorded, is somebody else's code: where it throws, what is traced goes on, and the loop
    /// reports it.</summary>
    private static void Report(Exception exception)
    {
        if (IOLoop.CurrentOrNull?.SpawnCallback(() => ExceptionDispatchInfo.Throw(exception)) != true)
            Console.Error.WriteLine($"ZmqLoop: a listener to activities threw: {exception}");
    }

    /// <summary>What was current. One that has ended stays so where it had flowed to, and could not be made it again by itself.</summary>
    private readonly struct CurrentActivity()
    {
        private readonly ExecutionContext? _flow = ExecutionContext.Capture(); // null where that is suppressed
        private readonly Activity? _current = Activity.Current;

        public void Restore()
        {
            if (_flow is null) Activity.Current = _current;
            else if (!ReferenceEquals(ExecutionContext.Capture(), _flow)) ExecutionContext.Restore(_flow);
        }
    }
}
