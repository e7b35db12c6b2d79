using System.Diagnostics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>The activities of requests: one where it is asked, and one where it is answered. Nothing is made while nobody
/// listens.</summary>
internal static class RequestActivities
{
    /// <summary>What those of a client's requests have in common.</summary>
    /// <param name="client">Its name, or null.</param>
    public static ActivityTemplate AskedBy(string? client) => Of("request", ActivityKind.Client, client, client);

    /// <summary>What those of a handler's requests have in common.</summary>
    /// <param name="responder">The name of who answers, or null.</param>
    /// <param name="request">The name of the requests; null where they have none.</param>
    public static ActivityTemplate AnsweredBy(string? responder, string? request) =>
        Of("process", ActivityKind.Server, request ?? responder, responder);

    /// <summary>A request begins, as a part of what is under way here, which it does not replace. Any thread.</summary>
    public static Activity? Ask(ActivityTemplate template, RequestOptions options)
    {
        if (!Activities.HasListeners) return null;
        Activity? activity = template.Begin();
        if (activity is { IsAllDataRequested: true } && options.Timeout != Timeout.InfiniteTimeSpan)
            activity.SetTag("zmqloop.request.timeout", options.Timeout.TotalSeconds);
        return activity;
    }

    /// <summary>A request has ended.</summary>
    /// <param name="activity">Its own.</param>
    /// <param name="answer">How; not ended yet where it is being cancelled.</param>
    /// <param name="timesSent">How often it was sent.</param>
    public static void End(Activity activity, Task answer, int timesSent)
    {
        if (activity.IsAllDataRequested) activity.SetTag("zmqloop.request.sent", timesSent);
        Activities.End(activity, ErrorTypeOf(answer));
    }

    /// <summary>A request is about to be answered: its activity is the current one from now on.</summary>
    /// <param name="template">Of its handler.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="parent">Where it was asked, if that is believed; else nothing.</param>
    public static Activity? Answer(ActivityTemplate template, ReceivedRequest request, ActivityContext parent)
    {
        if (!Activities.HasListeners) return null;
        Activity? activity = template.Begin(parent);
        if (activity is { IsAllDataRequested: true } && request.TimeLeft is { } left)
            activity.SetTag("zmqloop.request.timeout", left.TotalSeconds);
        return activity;
    }

    /// <summary>What kind of error a request has ended with; null for none.</summary>
    /// <param name="answer">How it ended; not ended yet where it is being cancelled.</param>
    public static string? ErrorTypeOf(Task answer) => answer.IsCompletedSuccessfully ? null : answer.Exception?.InnerException switch
    {
        null => typeof(OperationCanceledException).FullName,
        RemoteException remote => remote.ErrorType,
        var error => Activities.TypeOf(error),
    };

    private static ActivityTemplate Of(string operation, ActivityKind kind, string? name, string? destination)
    {
        Tag system = new("messaging.system", "zeromq");
        return new ActivityTemplate(name is null ? operation : $"{operation} {name}", kind,
            destination is null ? [system] : [system, new("messaging.destination.name", destination)]);
    }
}
