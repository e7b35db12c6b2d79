using System.Diagnostics;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace ZmqLoop.Streams;

/// <summary>The activities of one stream's messages, in OpenTelemetry's words, and what tells of them on the wire.</summary>
/// <param name="type">Of the stream's socket.</param>
/// <param name="options">The stream's.</param>
internal sealed class MessageActivities(SocketType type, ZMQStreamOptions options)
{
    private readonly bool _carries = options.PropagateTrace && type != SocketType.XSub; // what an XSUB sends are subscriptions
    private readonly int _fewest = type is SocketType.Router ? 3 : 2; // frames of a message with a trace: at least one is the sender's
    private string[] _endpoints = [];
    private Tag[] _server = [];

    /// <summary>True where something is to be done for each message that is sent. Any thread.</summary>
    public bool FollowsSends => _carries || HasListeners;

    /// <summary>True where something is to be done for each message that is received.</summary>
    public bool FollowsReceives => HasListeners;

    /// <summary>True where received messages may have a frame that is the stream's own.</summary>
    public bool Takes => options.PropagateTrace;

    private bool HasListeners => Activities.HasListeners && options.HasActivities;

    /// <summary>The stream listens there, or is connected to it. Loop's thread.</summary>
    public void Add(string endpoint) => SetEndpoints([.. _endpoints, endpoint]);

    /// <summary>Not any more. Loop's thread.</summary>
    public void Remove(string endpoint)
    {
        int index = Array.IndexOf(_endpoints, endpoint);
        if (index >= 0) SetEndpoints([.. _endpoints[..index], .. _endpoints[(index + 1)..]]);
    }

    /// <summary>A message is about to be queued, as a part of what is under way here. Any thread.</summary>
    /// <param name="size">Its bytes.</param>
    /// <param name="trace">The frame that goes with it; null for none.</param>
    /// <returns>Its activity; null for none.</returns>
    public Activity? Send(long size, out Frame? trace)
    {
        Activity? activity = HasListeners ? Begin("send", ActivityKind.Producer, default, size) : null;
        ActivityContext context = _carries ? Activities.ContextOf(activity ?? Activity.Current) : default;
        trace = context == default ? default(Frame?) : Frame.Own(TraceFrame.Write(context));
        return activity;
    }

    /// <summary>Takes off what the sender's stream has added, if it has.</summary>
    public void Take(Message message)
    {
        if (message.Count < _fewest) return;
        ReadOnlySpan<Frame> frames = message.Frames;
        if (TraceFrame.Parse(frames[^1].Span) is not { } context) return;
        message.RemoveLast();
        message.SetTraceContext(context);
    }

    /// <summary>Somebody got a message that he had asked for.</summary>
    public void Receive(Message message)
    {
        if (Begin("receive", ActivityKind.Consumer, message.TraceContext, message.Size) is not { } activity) return;
        Describe(activity, message);
        Activities.End(activity);
    }

    /// <summary>A message goes to a callback: as a part of what its sender was at, or of nothing.</summary>
    public Activity? Process(Message message)
    {
        Activity? outer = Activity.Current;
        Activity.Current = null;
        try
        {
            Activity? activity = Begin("process", ActivityKind.Consumer, message.TraceContext, message.Size);
            if (activity is not null) Describe(activity, message);
            return activity;
        }
        finally
        {
            Activity.Current = outer;
        }
    }

    private Activity? Begin(string operation, ActivityKind kind, ActivityContext parent, long size)
    {
        List<Tag> tags =
        [
            new("messaging.system", "zeromq"), new("messaging.operation.name", operation), new("messaging.operation.type", operation),
            new("messaging.message.body.size", size), .. Volatile.Read(ref _server),
        ];
        if (options.Name is { } destination) tags.Add(new Tag("messaging.destination.name", destination));
        return Activities.Begin(options.Name is null ? operation : $"{operation} {options.Name}", kind, parent, tags);
    }

    private static void Describe(Activity activity, Message message)
    {
        if (activity.IsAllDataRequested && message[0].TryGetProperty("Peer-Address", out string? peer))
            activity.SetTag("network.peer.address", peer);
    }

    /// <summary>Known where there is one endpoint alone, over tcp.</summary>
    private void SetEndpoints(string[] endpoints)
    {
        _endpoints = endpoints;
        Volatile.Write(ref _server, endpoints is [var only] ? ServerOf(only) : []);
    }

    private static Tag[] ServerOf(string endpoint)
    {
        const string Tcp = "tcp://";
        int colon = endpoint.LastIndexOf(':');
        if (!endpoint.StartsWith(Tcp, StringComparison.Ordinal) || !int.TryParse(endpoint.AsSpan(colon + 1), out int port)) return [];
        string host = endpoint[Math.Max(Tcp.Length, endpoint.IndexOf(';', StringComparison.Ordinal) + 1)..colon].Trim('[', ']');
        return host is "*" or "0.0.0.0" or "::" ? [new Tag("server.port", port)]
            : [new Tag("server.address", host), new Tag("server.port", port)];
    }
}
