using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ZmqLoop.Streams;

/// <summary>Asks servers and awaits their answers, many at once, over a DEALER: any REP or ROUTER peer that gives the envelope back, such
/// as <see cref="Responder"/> or pyzmq's.</summary>
/// <remarks>
/// <para>A request is <c>[which request it is] [] [body …]</c>. Every REP gives back what stands before the empty frame; a ROUTER must,
/// too. An answer that nobody waits for any more is dropped, and counted.</para>
/// <para>With several servers, connected to each, the requests go round; those that are not connected, or whose connection gave no sign of
/// life, get none (<see cref="ZMQSocket.Immediate"/>, <see cref="RequestClientOptions.HeartbeatInterval"/>): what no server has taken
/// waits here, and is not lost. What one had taken that died is lost: it times out, or is sent again where its options say
/// so.</para>
/// <para>Any thread may ask, close, and read the counts, and each await resumes where it began, in its contexts. <see cref="Connect"/> and
/// the like belong to the loop's thread. The loop holds a client that is not closed.</para>
/// </remarks>
/// <example><code>
/// ZMQIOLoop loop = ZMQIOLoop.Install();
/// using RequestClient client = new(ZMQSocket.Create(SocketType.Dealer), loop);
/// client.Connect("tcp://127.0.0.1:5556");
/// loop.RunSync(async () =>
/// {
///     Message answer = await client.RequestAsync(new Message("root", "16"));
///     Console.WriteLine(answer[0].ToText());
/// });
/// </code></example>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class RequestClient : IDisposable, IAsyncDisposable
{
    private static readonly ConditionalWeakTable<RequestClient, object?> _open = [];

    private readonly RequestClientOptions _options;
    private readonly ZMQStream _stream;
    private readonly RequestQueue _queue;
    private string[] _endpoints = [];
    private volatile bool _closed;

    /// <summary>A client over a DEALER socket that is not connected yet.</summary>
    /// <param name="socket">The socket, which belongs to the client from now on.</param>
    /// <param name="loop">The loop; null for this thread's current one.</param>
    /// <param name="options">Limits and times; null for the defaults.</param>
    /// <exception cref="ArgumentException">The socket is no DEALER.</exception>
    /// <exception cref="InvalidOperationException">The thread has no current loop and none was given; or another stream or handler has the
    /// socket.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public RequestClient(ZMQSocket socket, IOLoop? loop = null, RequestClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.Type != SocketType.Dealer)
            throw new ArgumentException($"A RequestClient speaks over a DEALER socket, and this is {socket}.", nameof(socket));
        _options = options ?? new RequestClientOptions();
        _options.Validate();
        _stream = new ZMQStream(socket, loop, _options.ForStream());
        socket.Immediate = true; // a server that is not there gets no requests
        if (_options.HeartbeatInterval != Timeout.InfiniteTimeSpan)
            (socket.HeartbeatInterval, socket.HeartbeatTimeout) = (_options.HeartbeatInterval, _options.HeartbeatTimeout);
        _queue = new RequestQueue(this, _stream, _options, Endpoints, () => _endpoints.Length);
        lock (_open) _open.Add(this, null);
    }

    /// <summary>The socket, for its options before <see cref="Connect"/>, and for a <see cref="SocketMonitor"/>. Closed with the
    /// client.</summary>
    public ZMQSocket Socket => _stream.Socket;

    /// <summary>The loop that the client runs on.</summary>
    public IOLoop IOLoop => _stream.IOLoop;

    /// <summary>For requests that are given no options of their own.</summary>
    public RequestOptions Options => _options.Requests;

    /// <summary>How many requests are in flight: given to the stream, and not answered yet.</summary>
    public int InFlight => _queue.InFlight;

    /// <summary>How many wait for a place among those.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>How many answers have come that somebody waited for, errors included.</summary>
    public long Answers => _queue.Answers;

    /// <summary>How many answers have come that nobody waited for any more, or that came twice.</summary>
    public long LateAnswers => _queue.LateAnswers;

    /// <summary>How many messages have come that are no answers: from a server that does not give the envelope back.</summary>
    public long ForeignMessages => _queue.ForeignMessages;

    /// <summary>How long ago the last answer came; null where none has.</summary>
    public TimeSpan? LastAnswerAge => _queue.LastAnswerAge;

    /// <summary>True once closing was asked for, or the socket was closed elsewhere.</summary>
    public bool IsClosed => _closed || _stream.IsClosed;

    /// <summary>The clients that are open at this moment: for diagnostics. Any thread.</summary>
    /// <param name="loop">Only those on this loop; null for all of the process.</param>
    /// <remarks>Who keeps the list keeps the clients.</remarks>
    public static IReadOnlyList<RequestClient> GetOpenClients(IOLoop? loop = null)
    {
        lock (_open)
        {
            return [.. _open.Select(static entry => entry.Key)
                .Where(client => !client.IsClosed && (loop is null || ReferenceEquals(client.IOLoop, loop)))];
        }
    }

    /// <summary>Connects to a server, beside those that it is connected to. Loop's thread. See <see cref="ZMQSocket.Connect"/>.</summary>
    public void Connect(string endpoint)
    {
        _stream.Connect(endpoint);
        _endpoints = [.. _endpoints, endpoint];
    }

    /// <summary>Leaves a server: what it has not answered is not answered any more. Loop's thread.</summary>
    public void Disconnect(string endpoint)
    {
        _stream.Disconnect(endpoint);
        _endpoints = [.. _endpoints.Where(known => known != endpoint)];
    }

    /// <summary>Lets servers connect. Loop's thread. See <see cref="ZMQSocket.Bind"/>.</summary>
    public void Bind(string endpoint)
    {
        _stream.Bind(endpoint);
        _endpoints = [.. _endpoints, Socket.LastEndpoint];
    }

    /// <summary>Asks, and awaits the answer. Any thread.</summary>
    /// <param name="request">The body; it stays the caller's.</param>
    /// <param name="cancellationToken">Ends the waiting. A request that was not sent yet is not sent; else its answer is dropped, and the
    /// server does not hear of it, unless <see cref="RequestOptions.TellsCancellation"/> says so.</param>
    /// <returns>The body of the answer, which is the caller's.</returns>
    /// <exception cref="ArgumentException">The request has no frames.</exception>
    /// <exception cref="RequestTimeoutException">No answer came within <see cref="RequestOptions.Timeout"/>; from the task, as the next
    /// ones.</exception>
    /// <exception cref="RemoteException">The server answered with an error.</exception>
    /// <exception cref="ObjectDisposedException">The client, or its loop, was closed meanwhile. Where it was closed before, this is thrown
    /// by the call.</exception>
    /// <exception cref="ZMQException">The engine refused to send it.</exception>
    public Task<Message> RequestAsync(Message request, CancellationToken cancellationToken = default) =>
        RequestAsync(request, Options, cancellationToken);

    /// <summary>As <see cref="RequestAsync(Message, CancellationToken)"/>, with its own time, or sent again where no answer
    /// comes.</summary>
    /// <inheritdoc cref="RequestAsync(Message, CancellationToken)"
    ///     path="/*[not(@name='request' or @name='options' or @name='cancellationToken')]"/>
    /// <param name="request">The body; it stays the caller's.</param>
    /// <param name="options">Instead of <see cref="Options"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<Message> RequestAsync(Message request, RequestOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        if (request.Count == 0) throw new ArgumentException("A request needs at least one frame; it may be empty.", nameof(request));
        options.Validate();
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled<Message>(cancellationToken) : _queue.Ask(request, options, cancellationToken);
    }

    /// <summary>Takes no more requests, and closes when those that are open have ended. Any thread; twice is fine.</summary>
    /// <param name="drain">How long to wait for their answers at most; the rest fail with <see cref="ObjectDisposedException"/>. While the
    /// loop does not run nothing is waited for.</param>
    /// <returns>True where all had ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative; nothing has changed.</exception>
    public Task<bool> CloseAsync(TimeSpan drain)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(drain, TimeSpan.Zero);
        return EndAsync(drain);
    }

    private async Task<bool> EndAsync(TimeSpan drain)
    {
        Task ended = _queue.Complete();
        if (!ended.IsCompleted && IOLoop.IsRunning)
        {
            using CancellationTokenSource over = new();
            await Task.WhenAny(ended, IOLoop.Delay(drain, over.Token)).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
        }

        bool answered = _queue.End("the client was closed") == 0;
        await _stream.CloseAsync(TimeSpan.Zero).ConfigureAwait(false);
        return answered;
    }

    /// <summary>Closes the client and its socket: requests that are open fail with <see cref="ObjectDisposedException"/>. Any thread; twice
    /// is fine.</summary>
    public void Close()
    {
        _closed = true;
        _queue.End("the client was closed");
        IOLoop.RunOnLoop(() => _stream.Close()); // behind what that has left to the loop: to tell the servers, where they are told
    }

    /// <summary>The same as <see cref="Close"/>.</summary>
    public void Dispose() => Close();

    /// <summary>The same as <see cref="CloseAsync"/> with <see cref="RequestClientOptions.DrainTime"/>.</summary>
    public async ValueTask DisposeAsync() => await CloseAsync(_options.DrainTime).ConfigureAwait(false);

    /// <summary>For logs and debuggers.</summary>
    public override string ToString()
    {
        string name = $"RequestClient {(_options.Name is { } given ? $"'{given}' " : "")}of {Endpoints()}";
        return IsClosed ? name + ", closed" : $"{name}, {InFlight} in flight, {Waiting} waiting";
    }

    internal IFrameSerializer? Serializer => _options.Serializer;

    internal string Endpoints() => _endpoints.Length == 0 ? $"{Socket}, which is not connected" : string.Join(", ", _endpoints);
}
