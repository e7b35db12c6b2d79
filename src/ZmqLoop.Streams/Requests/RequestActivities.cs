using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>The activities of requests: one where it is asked, and one where it is answered. Nothing is made while nobody
/// listens.</summary>
internal static class RequestActivities
{
    /// <summary>A request begins, as a part of what is under way here, which it does not replace. Any thread.</summary>
    public static Activity? Ask(string? client, RequestOptions options)
    {
        if (!Activities.HasListeners) return null;
        Activity? activity = Activities.Begin(NameOf("request", client), ActivityKind.Client);
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
        Exception? error = answer.IsCompletedSuccessfully ? null : answer.Exception?.InnerException ?? new OperationCanceledException();
        Activities.End(activity, error is null ? null : TypeOf(error));
    }

    /// <summary>A request is about to be answered: its activity is the current one from now on.</summary>
    /// <param name="responder">The name of who answers, or null.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="parent">Where it was asked, if that is believed; else nothing.</param>
    public static Activity? Answer(string? responder, ReceivedRequest request, ActivityContext parent)
    {
        if (!Activities.HasListeners) return null;
        Activity? activity = Activities.Begin(NameOf("process", request.Name ?? responder), ActivityKind.Server, parent);
        Describe(activity, responder);
        if (request.TimeLeft is { } left) activity?.SetTag("zmqloop.request.timeout", left.TotalSeconds);
        return activity;
    }

    /// <summary>It will be answered with an error.</summary>
    public static void Fail(Activity activity, Exception error) => Activities.Fail(activity, TypeOf(error));

    private static string TypeOf(Exception error) => error is RemoteException remote ? remote.Code : Activities.TypeOf(error);

    private static void Describe(Activity? activity, string? name)
    {
        activity?.SetTag("messaging.system", "zeromq");
        if (name is not null) activity?.SetTag("messaging.destination.name", name);
    }

    private static string NameOf(string operation, string? name) => name is null ? operation : $"{operation} {name}";
}
