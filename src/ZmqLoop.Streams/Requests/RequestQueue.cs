using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>Sends requests, so many at once, matches answers to them, sends them again, and ends those whose time is over. Loop's thread,
/// but for what says otherwise.</summary>
internal sealed class RequestQueue
{
    private const long Never = long.MinValue;
    private const int MostDoublings = 16; // of a pause

    private readonly ZMQStream _stream;
    private readonly IOLoop _loop;
    private readonly RequestClientOptions _options;
    private readonly StreamCallbacks _callbacks;
    private readonly Func<string> _endpoints;
    private readonly CancellationSender _cancellations;
    private readonly RequestMeter _meter;
    private readonly ActivityTemplate _activities;
    private readonly RequestTable _table = new();
    private readonly LinkedList<PendingReply> _waiting = []; // for a place
    private readonly CancellationTokenRegistration _loopEnd;
    private int _inFlight;
    private int _waitingCount;
    private long _answers;
    private long _lastAnswer = Never;
    private long _late;
    private long _foreign;
    private string? _lastForeign;

    /// <param name="owner">In whose name errors are reported.</param>
    /// <param name="stream">What sends and receives.</param>
    /// <param name="options">How many may be in flight.</param>
    /// <param name="endpoints">Names the servers, for errors.</param>
    /// <param name="servers">How many there may be.</param>
    public RequestQueue(object owner, ZMQStream stream, RequestClientOptions options, Func<string> endpoints, Func<int> servers)
    {
        _stream = stream;
        _loop = stream.IOLoop;
        _options = options;
        _endpoints = endpoints;
        _cancellations = new CancellationSender(stream, servers);
        _meter = new RequestMeter(options.Name, _loop);
        _activities = RequestActivities.AskedBy(options.Name);
        _callbacks = new StreamCallbacks(_loop, owner);
        NullContext.RunDetached(() =>
        {
            stream.OnRecv(HandleAnswer);
            stream.SetCloseCallback(() => End("the client was closed"));
        });
        _loopEnd = _loop.Closed.UnsafeRegister(static queue => ((RequestQueue)queue!).End("its loop was closed"), this);
    }

    /// <summary>Any thread, as the next ones.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public int Waiting => Volatile.Read(ref _waitingCount);

    public long Answers => Interlocked.Read(ref _answers);

    public long LateAnswers => Interlocked.Read(ref _late);

    public long ForeignMessages => Interlocked.Read(ref _foreign);

    public TimeSpan? LastAnswerAge =>
        Interlocked.Read(ref _lastAnswer) is var last and not Never ? _loop.TimeProvider.GetElapsedTime(last) : null;

    /// <summary>Any thread.</summary>
    public Task<Message> Ask(Message body, RequestOptions options, CancellationToken cancellationToken)
    {
        PendingReply request = _table.Add(options, _loop.TimeProvider.GetTimestamp());
        request.Activity = RequestActivities.Ask(_activities, options);
        if (_options.PropagateTrace) request.Trace = Activities.ContextOf(request.Activity ?? Activity.Current);
        request.Body.CopyFrom(body);
        request.Body.Prepend(Frame.Empty);
        request.CancelWith(() => Cancel(request), cancellationToken);
        if (_loop.IsRunningHere) NullContext.RunDetached(() => Begin(request));
        else if (!_loop.SpawnCallback(() => Begin(request))) End("its loop was closed");
        return request.Task;
    }

    /// <summary>No more requests. Any thread.</summary>
    /// <returns>Ends when those that are open have ended.</returns>
    public Task Complete() => _table.Complete("The client was closed: it sends no more requests.");

    /// <summary>Ends all requests. Any thread.</summary>
    /// <param name="why">What has happened.</param>
    /// <returns>How many there were.</returns>
    public int End(string why)
    {
        Complete();
        _loopEnd.Unregister();
        List<PendingReply> requests = _table.TakeAll();
        foreach (PendingReply request in requests)
        {
            request.TrySetException(new ObjectDisposedException(nameof(RequestClient),
                $"The request has no answer: {why} while it was open. A server may have carried it out."));
            _loop.RunOnLoop(() => Release(request));
        }

        if (requests.Count > 0) _loop.RunOnLoop(_cancellations.Flush);
        return requests.Count;
    }

    private void Begin(PendingReply request)
    {
        if (request.IsReleased) return;
        if (request.Options.Timeout is var timeout && timeout != Timeout.InfiniteTimeSpan)
        {
            TimeSpan left = timeout - _loop.TimeProvider.GetElapsedTime(request.Start);
            request.LimitTime(_loop, left > TimeSpan.Zero ? left : TimeSpan.Zero, () => EndLate(request));
        }

        if (_inFlight < _options.MaxInFlight)
        {
            Launch(request);
            return;
        }

        request.Waiting = _waiting.AddLast(request);
        Volatile.Write(ref _waitingCount, _waiting.Count);
    }

    private void Launch(PendingReply request)
    {
        request.IsInFlight = true;
        Volatile.Write(ref _inFlight, _inFlight + 1);
        Send(request);
    }

    private void Send(PendingReply request)
    {
        request.Retry = default;
        if (request.IsReleased) return;
        try
        {
            using Message message = new();
            message.CopyFrom(request.Body);
            TimeSpan? left = request.Options.TellsTimeLeft ? TimeLeft(request) : null;
            message.Prepend(new CorrelationFrame(request.Number, CorrelationKind.Request, left, request.Trace).ToFrame());
            request.Unsent = _stream.SendRevocably(message, (_, error) => AfterSend(request, error));
        }
        catch (Exception exception)
        {
            EndWith(request, exception);
        }
    }

    private void AfterSend(PendingReply request, Exception? error)
    {
        request.Unsent = null;
        if (error is not null)
        {
            EndWith(request, error);
            return;
        }

        request.TimesSent++;
        request.LastSent = _loop.TimeProvider.GetTimestamp();
        if (request.IsReleased) CallOff(request); // it was sent in the moment in which it ended
        if (request.IsReleased || request.TimesSent > request.Options.Retries) return;
        double seconds = request.Options.TryTimeout.TotalSeconds // what is more than a TimeSpan can be is never
            + (request.Options.Backoff.TotalSeconds * (1 << Math.Min(request.TimesSent - 1, MostDoublings)));
        request.Retry = _loop.CallLater(seconds, () => Send(request));
    }

    private void HandleAnswer(Message message)
    {
        if (message.Count < 3 || !message[1].IsEmpty || CorrelationFrame.Parse(message[0]) is not { } correlation)
        {
            Interlocked.Increment(ref _foreign);
            _lastForeign ??= message.ToString();
            return;
        }

        Interlocked.Exchange(ref _lastAnswer, _loop.TimeProvider.GetTimestamp());
        if (correlation.Kind == CorrelationKind.Cancellation || !_table.TryTake(correlation.Number, out PendingReply? request))
        {
            Interlocked.Increment(ref _late);
            return;
        }

        Interlocked.Increment(ref _answers);
        request.IsAnswered = true;
        ReadOnlySpan<Frame> body = message.Frames[2..];
        if (correlation.Kind == CorrelationKind.Error) request.TrySetException(RemoteErrorFrames.Read(body));
        else request.TrySetResult(new Message(body));
        Release(request);
    }

    private void EndLate(PendingReply request)
    {
        if (!_table.TryTake(request.Number, out _)) return;
        request.TrySetException(TimeoutError(request));
        Release(request);
    }

    private void EndWith(PendingReply request, Exception error)
    {
        if (!_table.TryTake(request.Number, out _)) return;
        request.TrySetException(error);
        Release(request);
    }

    /// <summary>Any thread.</summary>
    private bool Cancel(PendingReply request)
    {
        if (!_table.TryTake(request.Number, out _)) return false;
        _loop.RunOnLoop(() => Release(request));
        return true;
    }

    /// <summary>It has ended: what it held is free, and the next one has its place.</summary>
    private void Release(PendingReply request)
    {
        request.IsReleased = true;
        request.Ended();
        _meter.AddAsked(request.Start, request.Task);
        if (request.Activity is { } activity) RequestActivities.End(activity, request.Task, request.TimesSent);
        request.Activity = null;
        if (!request.Retry.IsNone && !_loop.IsClosed) _loop.RemoveTimeout(request.Retry);
        if (request.Unsent is { } ticket) _stream.Revoke(ticket);
        request.Unsent = null;
        CallOff(request);
        request.Body.Clear();
        if (request.Waiting is { List: not null } node)
        {
            _waiting.Remove(node);
            Volatile.Write(ref _waitingCount, _waiting.Count);
        }

        if (!request.IsInFlight) return;
        request.IsInFlight = false;
        Volatile.Write(ref _inFlight, _inFlight - 1);
        NullContext.RunDetached(LaunchNext);
    }

    /// <summary>Where servers may be at work on a request that nobody waits for any more: they were sent more than they have
    /// answered.</summary>
    private void CallOff(PendingReply request)
    {
        if (request.Options.TellsCancellation && request.TimesSent > (request.IsAnswered ? 1 : 0)) _cancellations.Send(request.Number);
    }

    private void LaunchNext()
    {
        while (_inFlight < _options.MaxInFlight && _waiting.First is { Value: var next })
        {
            _waiting.RemoveFirst();
            Volatile.Write(ref _waitingCount, _waiting.Count);
            if (!next.IsReleased) Launch(next);
        }
    }

    private TimeSpan? TimeLeft(PendingReply request) => request.Options.Timeout == Timeout.InfiniteTimeSpan
        ? null : request.Options.Timeout - _loop.TimeProvider.GetElapsedTime(request.Start);

    private RequestTimeoutException TimeoutError(PendingReply request)
    {
        TimeSpan? heard = LastAnswerAge;
        string state = request.TimesSent > 0
            ? $"It was sent {Times(request.TimesSent)}, {Seconds(_loop.TimeProvider.GetElapsedTime(request.LastSent))} ago"
                + (request.Unsent is null ? "." : ", and waits to be sent again.")
            : request.IsInFlight ? "It was never sent: no server had room for it."
            : $"It was never sent: it waited for a place among the {_options.MaxInFlight} that may be in flight.";
        string foreign = ForeignMessages == 0 ? ""
            : $" {ForeignMessages} messages came that are no answers, the first {_lastForeign}: "
                + "does the server give back all that stands before the empty frame?";
        int queued = _stream.SendQueueLength;
        string cancellations = Math.Min(queued, _cancellations.Queued) is var some and > 0 ? $" ({some} cancellations among them)" : "";
        return new RequestTimeoutException(
            $"No answer from {_endpoints()} within {Seconds(request.Options.Timeout)}. {state} In flight: {InFlight} "
            + $"of {_options.MaxInFlight}, waiting for a place: {Waiting}, in the send queue: {queued}{cancellations}. {Servers()} "
            + (heard is { } age ? $"The last answer came {Seconds(age)} ago" : "No answer has come yet")
            + $", late ones so far: {LateAnswers}.{foreign}")
        {
            TimesSent = request.TimesSent, InFlight = InFlight, Waiting = Waiting, SendQueueLength = queued,
            LastAnswerAge = heard,
        };
    }

    /// <summary>A socket that is Immediate can be written to only while somebody is connected.</summary>
    private string Servers()
    {
        try
        {
            bool canWrite = (_stream.Socket.Events & IOEvents.Write) != 0;
            return canWrite ? "A server is connected." : "No server is connected now, or none has room.";
        }
        catch (Exception exception) when (exception is ObjectDisposedException or ZMQException)
        {
            return "The socket is closed.";
        }
    }

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
