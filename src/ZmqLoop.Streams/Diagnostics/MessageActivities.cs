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
    private Templates? _templates; // of the endpoints that it names

    /// <summary>True where something is to be done for each message that is sent. Any thread.</summary>
    public bool FollowsSends => _carries || HasListeners;

    /// <summary>True where something is to be done for each message that is received.</summary>
    public bool FollowsReceives => HasListeners;

    /// <summary>True where received messages may have a frame that is the stream's own.</summary>
    public bool Takes => options.PropagateTrace;

    private bool HasListeners => Activities.HasListeners && options.HasActivities;

    /// <summary>The stream listens there, or is connected to it. Loop's thread.</summary>
    public void Add(string endpoint) => Volatile.Write(ref _endpoints, [.. _endpoints, endpoint]);

    /// <summary>Not any more. Loop's thread.</summary>
    public void Remove(string endpoint)
    {
        int index = Array.IndexOf(_endpoints, endpoint);
        if (index >= 0) Volatile.Write(ref _endpoints, [.. _endpoints[..index], .. _endpoints[(index + 1)..]]);
    }

    /// <summary>A message is about to be queued, as a part of what is under way here. Any thread.</summary>
    /// <param name="size">Its bytes.</param>
    /// <param name="trace">The frame that goes with it; null for none.</param>
    /// <returns>Its activity; null for none.</returns>
    public Activity? Send(long size, out Frame? trace)
    {
        Activity? activity = HasListeners ? Begin(TemplatesNow().Send, null, size) : null;
        ActivityContext context = _carries ? Activities.ContextOf(activity ?? Activity.Current) : default;
        trace = context == default ? default(Frame?) : Frame.Own(TraceFrame.Write(context));
        return activity;
    }

    /// <summary>Tells the socket how large the messages may be: the frame of a trace is none of the sender's.</summary>
    public void LimitMessages(ZMQSocket socket)
    {
        (int frames, int bytes) = Takes ? (1, TraceFrame.MostBytes) : (0, 0);
        socket.LimitMessages(Math.Min(options.MaxFramesPerMessage, int.MaxValue - frames) + frames,
            Math.Min(options.MaxBytesPerMessage, long.MaxValue - bytes) + bytes);
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
        ActivityContext sent = message.TraceContext;
        if (BeginOf(message, TemplatesNow().Receive, sent == default ? null : sent) is { } activity) Activities.End(activity);
    }

    /// <summary>A message goes to a callback: as a part of what its sender was at, or of nothing.</summary>
    public Activity? Process(Message message) => BeginOf(message, TemplatesNow().Process, message.TraceContext);

    private static Activity? BeginOf(Message message, ActivityTemplate template, ActivityContext? parent)
    {
        Activity? activity = Begin(template, parent, message.Size);
        if (activity is { IsAllDataRequested: true } && message[0].TryGetProperty("Peer-Address", out string? peer))
            activity.SetTag("network.peer.address", peer);
        return activity;
    }

    private static Activity? Begin(ActivityTemplate template, ActivityContext? parent, long size)
    {
        Activity? activity = template.Begin(parent);
        if (activity is { IsAllDataRequested: true }) activity.SetTag("messaging.message.body.size", size);
        return activity;
    }

    /// <summary>Made by whoever needs them first, since most streams are not followed. Any thread.</summary>
    private Templates TemplatesNow()
    {
        string[] endpoints = Volatile.Read(ref _endpoints);
        Templates? made = Volatile.Read(ref _templates);
        if (made is not null && ReferenceEquals(made.Endpoints, endpoints)) return made;
        made = new Templates(endpoints, options.Name);
        Volatile.Write(ref _templates, made);
        return made;
    }

    private sealed class Templates(string[] endpoints, string? destination)
    {
        public string[] Endpoints => endpoints;

        public ActivityTemplate Send { get; } = Of("send", ActivityKind.Producer, endpoints, destination);

        public ActivityTemplate Receive { get; } = Of("receive", ActivityKind.Consumer, endpoints, destination);

        public ActivityTemplate Process { get; } = Of("process", ActivityKind.Consumer, endpoints, destination);

        private static ActivityTemplate Of(string operation, ActivityKind kind, string[] endpoints, string? destination)
        {
            List<Tag> tags =
            [
                new("messaging.system", "zeromq"), new("messaging.operation.name", operation), new("messaging.operation.type", operation),
                .. ServerOf(endpoints),
            ];
            if (destination is null) return new ActivityTemplate(operation, kind, [.. tags]);
            return new ActivityTemplate($"{operation} {destination}", kind, [.. tags, new("messaging.destination.name", destination)]);
        }

        /// <summary>Known where there is one endpoint alone, over tcp.</summary>
        private static Tag[] ServerOf(string[] endpoints)
        {
            const string Tcp = "tcp://";
            if (endpoints is not [var endpoint] || !endpoint.StartsWith(Tcp, StringComparison.Ordinal)) return [];
            int colon = endpoint.LastIndexOf(':');
            if (!int.TryParse(endpoint.AsSpan(colon + 1), out int port)) return [];
            string host = endpoint[Math.Max(Tcp.Length, endpoint.IndexOf(';', StringComparison.Ordinal) + 1)..colon].Trim('[', ']');
            return host is "*" or "0.0.0.0" or "::" ? [new Tag("server.port", port)]
                : [new Tag("server.address", host), new Tag("server.port", port)];
        }
    }
}
