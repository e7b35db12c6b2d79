using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>The activities of requests: one where it is asked, and one where it is answered. Nothing is made while nobody
/// listens.</summary>
internal static class RequestActivities
{
    private static readonly ActivitySource _source =
        new(ZmqLoopTelemetry.ActivitySourceName, typeof(RequestActivities).Assembly.GetName().Version?.ToString(3));

    /// <summary>A request begins, as a part of what is under way here, which it does not replace. Any thread.</summary>
    public static Activity? Ask(string? client, RequestOptions options)
    {
        if (!_source.HasListeners()) return null;
        Activity? outer = Activity.Current;
        Activity? activity = _source.StartActivity(NameOf("request", client), ActivityKind.Client);
        Activity.Current = outer;
        Describe(activity, client);
        if (options.Timeout != Timeout.InfiniteTimeSpan) activity?.SetTag("zmqloop.request.timeout", options.Timeout.TotalSeconds);
        return activity;
    }

    /// <summary>A request has ended.</summary>
    /// <param name="activity">Its own.</param>
    /// <param name="answer">How; not ended yet where it is being cancelled.</param>
    /// <param name="timesSent">How often it was sent.</param>
    public static void End(Activity activity, Task answer, int timesSent)
    {
        activity.SetTag("zmqloop.request.sent", timesSent);
        if (answer.Exception?.InnerException is { } error) Fail(activity, error);
        else if (!answer.IsCompletedSuccessfully) Fail(activity, new OperationCanceledException());
        Activity? outer = Activity.Current;
        activity.Dispose();
        Activity.Current = outer;
    }

    /// <summary>A request is about to be answered: its activity is the current one from now on.</summary>
    /// <param name="responder">The name of who answers, or null.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="parent">Where it was asked, if that is believed; else nothing.</param>
    public static Activity? Answer(string? responder, ReceivedRequest request, ActivityContext parent)
    {
        if (!_source.HasListeners()) return null;
        Activity? activity = _source.StartActivity(NameOf("process", request.Name ?? responder), ActivityKind.Server, parent);
        Describe(activity, responder);
        if (request.TimeLeft is { } left) activity?.SetTag("zmqloop.request.timeout", left.TotalSeconds);
        return activity;
    }

    /// <summary>What an error says may be secret: its kind is enough.</summary>
    public static void Fail(Activity activity, Exception error)
    {
        activity.SetTag("error.type", error is RemoteException remote ? remote.Code : error.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error);
    }

    /// <summary>What the envelope is to say of where a request was asked.</summary>
    public static ActivityContext ContextOf(Activity? activity) =>
        (activity ?? Activity.Current) is { IdFormat: ActivityIdFormat.W3C } known ? known.Context : default;

    private static void Describe(Activity? activity, string? name)
    {
        activity?.SetTag("messaging.system", "zeromq");
        if (name is not null) activity?.SetTag("messaging.destination.name", name);
    }

    private static string NameOf(string operation, string? name) => name is null ? operation : $"{operation} {name}";
}
