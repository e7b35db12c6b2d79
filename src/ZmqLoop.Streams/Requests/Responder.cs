using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>Answers requests over a ROUTER: those of <see cref="RequestClient"/>, of REQ, and of DEALERs that send an empty frame before
/// what they ask.</summary>
/// <remarks>
/// <para>One handler, or several by a name, which is the first frame of the body. Each request gets one answer: what the handler returns,
/// or an error, <c>error</c>, a code and a message in three frames, which a <see cref="RequestClient"/> throws as <see
/// cref="RemoteException"/>. What a handler throws is reported to <see cref="IOLoop.HandleCallbackException"/> as well, unless it is a
/// <see cref="RemoteException"/> of its own, or a stack context consumes it.</para>
/// <para>Handlers run on the loop, in the contexts in force when they were given. Give them before <see cref="Bind"/>: from the first one
/// on requests are answered.</para>
/// <para>Any thread may close, and read the counts; the rest belongs to the loop's thread. The loop holds a responder that has a
/// handler.</para>
/// </remarks>
/// <example><code>
/// ZMQIOLoop loop = ZMQIOLoop.Install();
/// using Responder responder = new(ZMQSocket.Create(SocketType.Router), loop);
/// responder.OnRequest("root", request => new Message($"{Math.Sqrt(double.Parse(request.Body[0].Span))}"));
/// responder.Bind("tcp://127.0.0.1:5556");
/// loop.Start();
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class Responder : IDisposable, IAsyncDisposable
{
    private readonly ResponderOptions _options;
    private readonly ZMQStream _stream;
    private readonly RequestHandlers _handlers;

    /// <summary>A responder over a ROUTER socket.</summary>
    /// <param name="socket">The socket, which belongs to the responder from now on.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="options">Limits and rules; null for the defaults.</param>
    /// <exception cref="ArgumentException">The socket is no ROUTER.</exception>
    /// <exception cref="InvalidOperationException">The thread has no current loop and none was given; or another stream or handler has the
    /// socket.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public Responder(ZMQSocket socket, IOLoop? loop = null, ResponderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.Type != SocketType.Router)
            throw new ArgumentException($"A Responder speaks over a ROUTER socket, and this is {socket}.", nameof(socket));
        _options = options ?? new ResponderOptions();
        _stream = new ZMQStream(socket, loop, _options.ForStream());
        socket.RouterMandatory = true; // an answer to who has gone is counted
        _handlers = new RequestHandlers(this, _stream, _options);
    }

    /// <summary>The socket, for its options before <see cref="Bind"/>, and for a <see cref="SocketMonitor"/>. Closed with the
    /// responder.</summary>
    public ZMQSocket Socket => _stream.Socket;

    /// <summary>The loop that the responder runs on.</summary>
    public IOLoop IOLoop => _stream.IOLoop;

    /// <summary>How many requests were answered, errors included: the answer was queued.</summary>
    public long Replies => _handlers.Replies;

    /// <summary>How many of them with an error.</summary>
    public long ErrorReplies => _handlers.ErrorReplies;

    /// <summary>How many answers were dropped: the client had gone, or did not read.</summary>
    public long LostReplies => _handlers.LostReplies;

    /// <summary>How many handlers have ended too late: their clients had been answered in their place, <see
    /// cref="RemoteException.TimedOut"/> a second after <see cref="ResponderOptions.HandlerTimeout"/>, or <see
    /// cref="RemoteException.Closing"/> when a drain waited no more. What they returned was dropped.</summary>
    public long LateReplies => _handlers.LateReplies;

    /// <summary>How many requests were called off by their clients while their handlers were under way (<see
    /// cref="RequestOptions.TellsCancellation"/>); they get no answer.</summary>
    public long CancelledRequests => _handlers.CancelledRequests;

    /// <summary>How many requests had come and were not read when <see cref="FinishAsync"/> came to its end with reading. As
    /// <see cref="ZMQStream.UnreadMessages"/>.</summary>
    public int? UnreadRequests => _stream.UnreadMessages;

    /// <summary>How many async handlers are under way.</summary>
    public int HandlersRunning => _stream.HandlersRunning;

    /// <summary>For how long the oldest of those has been; null where there is none.</summary>
    public TimeSpan? OldestHandlerAge => _stream.OldestHandlerAge;

    /// <summary>How many answers wait to be sent.</summary>
    public int SendQueueLength => _stream.SendQueueLength;

    /// <summary>True once closing was asked for, or the socket was closed elsewhere.</summary>
    public bool IsClosed => _stream.IsClosed;

    /// <summary>Listens. Loop's thread. See <see cref="ZMQSocket.Bind"/>.</summary>
    public void Bind(string endpoint) => _stream.Bind(endpoint);

    /// <summary>Listens on a free port. Loop's thread. See <see cref="ZMQSocket.BindToRandomPort(string)"/>.</summary>
    public int BindToRandomPort(string address) => _stream.BindToRandomPort(address);

    /// <summary>Connects, such as to the DEALER side of a <see cref="ZMQProxy"/>. Loop's thread. See <see
    /// cref="ZMQSocket.Connect"/>.</summary>
    public void Connect(string endpoint) => _stream.Connect(endpoint);

    /// <summary>Answers every request that has no handler of its name; replaces the one before.</summary>
    /// <param name="handler">Called on the loop with each request; returns the body of the answer.</param>
    /// <exception cref="ObjectDisposedException">The responder is closed.</exception>
    public void OnRequest(Func<ReceivedRequest, Message> handler) => _handlers.Set(null, handler);

    /// <summary>As <see cref="OnRequest(Func{ReceivedRequest, Message})"/>, for an async handler, of which <see
    /// cref="ResponderOptions.MaxConcurrency"/> may be under way at once.</summary>
    /// <inheritdoc cref="OnRequest(Func{ReceivedRequest, Message})" path="/*[not(@name='handler')]"/>
    /// <param name="handler">Its token fires when the responder begins to close, when <see cref="ResponderOptions.HandlerTimeout"/> is
    /// over, and when the client does not wait any more, where that told (<see cref="RequestOptions.TellsTimeLeft"/>, <see
    /// cref="RequestOptions.TellsCancellation"/>).</param>
    public void OnRequest(Func<ReceivedRequest, CancellationToken, Task<Message>> handler) => _handlers.Set(null, handler);

    /// <summary>Answers the requests whose first frame is a name; the handler gets them without it. Replaces the one before of that
    /// name.</summary>
    /// <param name="name">In UTF-8.</param>
    /// <param name="handler">Called on the loop with each request; returns the body of the answer.</param>
    /// <exception cref="ObjectDisposedException">The responder is closed.</exception>
    public void OnRequest(string name, Func<ReceivedRequest, Message> handler)
    {
        ArgumentNullException.ThrowIfNull(name);
        _handlers.Set(name, handler);
    }

    /// <summary>As <see cref="OnRequest(string, Func{ReceivedRequest, Message})"/>, for an async handler.</summary>
    /// <inheritdoc cref="OnRequest(Func{ReceivedRequest, CancellationToken, Task{Message}})"
    ///     path="/*[not(@name='name' or @name='handler')]"/>
    /// <param name="name">In UTF-8.</param>
    /// <param name="handler">As there.</param>
    public void OnRequest(string name, Func<ReceivedRequest, CancellationToken, Task<Message>> handler)
    {
        ArgumentNullException.ThrowIfNull(name);
        _handlers.Set(name, handler);
    }

    /// <summary>Takes no more requests, waits for the handlers under way, sends their answers, and closes. Any thread; twice is
    /// fine.</summary>
    /// <param name="drain">For how long at most.</param>
    /// <returns>True where all were answered that had been begun. As <see cref="ZMQStream.CloseAsync"/>.</returns>
    public Task<bool> CloseAsync(TimeSpan drain) => _stream.CloseAsync(drain);

    /// <summary>Answers what has come, then takes no more requests, and closes. Any thread. As <see cref="ZMQStream.FinishAsync"/>, whose
    /// words for the parameters, the result and the exception hold here.</summary>
    public Task<bool> FinishAsync(TimeSpan limit, Func<Task>? work = null) => _stream.FinishAsync(limit, work);

    /// <summary>Closes the responder and its socket; what is queued is not sent. Any thread; twice is fine.</summary>
    public void Close() => _stream.Close();

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    /// <summary>The same as <see cref="CloseAsync"/> with <see cref="ResponderOptions.DrainTime"/>.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(_options.DrainTime).ConfigureAwait(false);

    /// <summary>For logs and debuggers.</summary>
    public override string ToString() =>
        $"Responder {(_options.Name is { } given ? $"'{given}' " : "")}over {Socket}"
        + (IsClosed ? ", closed" : $", {Replies} answered, {HandlersRunning} under way");

    internal IFrameSerializer? Serializer => _options.Serializer;

    internal RequestHandlers Handlers => _handlers;
}
