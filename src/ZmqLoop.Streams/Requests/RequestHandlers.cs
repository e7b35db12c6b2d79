using System.Diagnostics;
using System.Text;

namespace ZmqLoop.Streams;

/// <summary>Finds the handler of each request, and sees to it that each gets one answer, whatever the handler does. Loop's thread, but for
/// the counts.</summary>
internal sealed class RequestHandlers(object owner, ZMQStream stream, ResponderOptions options)
{
    private static readonly RemoteException _timedOut = new(RemoteException.TimedOut, "The handler has not ended in its time.");
    private static readonly RemoteException _closing = new(RemoteException.Closing, "The server closes, and the handler has not ended.");

    private readonly StreamCallbacks _callbacks = new(stream.IOLoop, owner, options.QuotedBytes);
    private readonly LifetimeTable _lifetimes = new();
    private readonly RequestMeter _meter = new(options.Name, stream.IOLoop);
    private readonly Dictionary<string, Handler> _named = new(StringComparer.Ordinal);
    private readonly HashSet<ReceivedRequest> _underWay = []; // whose handlers have to wait for something
    private readonly LogLimit _unreadable = new(stream.IOLoop.TimeProvider);
    private Handler? _others;
    private int _longestName; // in bytes
    private long _replies;
    private long _errors;
    private long _lost;
    private long _late;
    private long _cancelled;

    /// <summary>Any thread, as the next ones.</summary>
    public long Replies => Interlocked.Read(ref _replies);

    public long ErrorReplies => Interlocked.Read(ref _errors);

    public long LostReplies => Interlocked.Read(ref _lost);

    public long LateReplies => Interlocked.Read(ref _late);

    public long CancelledRequests => Interlocked.Read(ref _cancelled);

    /// <param name="name">Of the requests; null for all others.</param>
    /// <param name="handler">Answers.</param>
    /// <param name="given">What the user gave, for reports to name it; null for the handler.</param>
    public void Set(string? name, Func<ReceivedRequest, Message> handler, Delegate? given = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Register(name, given ?? handler, (ReceivedRequest request, CancellationToken _) =>
        {
            request.Reply = handler(request);
            return Task.CompletedTask;
        }, isAsync: false);
    }

    public void Set(string? name, Func<ReceivedRequest, CancellationToken, Task<Message>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Set(name, handler, static reply => reply, handler);
    }

    /// <summary>As the one before, for an answer that becomes a message; no task is no answer.</summary>
    public void Set<TReply>(
        string? name, Func<ReceivedRequest, CancellationToken, Task<TReply>> handler, Func<TReply, Message> write, Delegate given) =>
        Register(name, given, async (request, cancelled) =>
        {
            if (handler(request, cancelled) is { } answer) request.Reply = write(await answer);
        }, isAsync: true);

    /// <summary>A client has sent what is no value of the kind that its handler takes.</summary>
    public void TellUnreadable(MessageFormatException error)
    {
        if (_unreadable.Add(out long count)) StreamReports.Unreadable(stream.IOLoop.Logger, stream, error.Message, count);
    }

    private void Register(string? name, Delegate given, Func<ReceivedRequest, CancellationToken, Task> handler, bool isAsync)
    {
        ObjectDisposedException.ThrowIf(stream.IsClosed, owner);
        stream.IOLoop.VerifyThread(owner);
        ActivityTemplate activities = RequestActivities.AnsweredBy(options.Name, name);
        Handler wrapped = new(
            StackContext.Wrap<ReceivedRequest, CancellationToken>((request, cancelled) => Begin(handler, activities, request, cancelled)),
            name is null ? _callbacks.Origin(given) : _callbacks.Origin(given) with { Owner = $"request '{EscapedText.Show(name)}'" },
            isAsync);
        if (name is null)
        {
            _others = wrapped;
        }
        else
        {
            _named[name] = wrapped;
            _longestName = Math.Max(_longestName, Encoding.UTF8.GetByteCount(name));
        }

        if (stream.IsReceiving) return;
        stream.OnHandlersGivenUp(GiveUp);
        NullContext.RunDetached(() => stream.OnRecv(HandleAsync));
    }

    /// <summary>Inside of the handler's contexts, and of what flows with it, so that what it starts is a part of its activity.</summary>
    private static Task Begin(
        Func<ReceivedRequest, CancellationToken, Task> handler, ActivityTemplate activities, ReceivedRequest request,
        CancellationToken cancelled)
    {
        request.Activity = RequestActivities.Answer(activities, request, request.Trace);
        return request.Activity is null ? handler(request, cancelled) : BeginTracedAsync(handler, request, cancelled);
    }

    /// <summary>An async method, which leaves the current activity of whoever calls it as it was.</summary>
    private static async Task BeginTracedAsync(
        Func<ReceivedRequest, CancellationToken, Task> handler, ReceivedRequest request, CancellationToken cancelled)
    {
        Activity.Current = request.Activity;
        await handler(request, cancelled);
    }

    private Task HandleAsync(Message message, CancellationToken closing)
    {
        long? start = _meter.Begin();
        int envelope = message.Count - message.Body.Length;
        CorrelationFrame? correlation = envelope > 2 ? CorrelationFrame.Parse(message[envelope - 2]) : null;
        if (message.Body.IsEmpty)
        {
            if (correlation is { Kind: CorrelationKind.Cancellation } end)
            {
                CallOff(RequestKey.Of(message, envelope - 2, end.Number));
                return Task.CompletedTask;
            }

            _meter.AddAnswered(start, null, RemoteException.BadRequest);
            SendError(message, new RemoteException(RemoteException.BadRequest,
                "A request is an empty frame, and at least one more: a REQ sends the empty frame by itself, a DEALER has to."));
            return Task.CompletedTask;
        }

        Handler? handler = null;
        string? name = message.Body[0].Length <= _longestName ? message.Body[0].ToText() : null; // whatever a stranger calls a name
        bool isNamed = name is not null && _named.TryGetValue(name, out handler);
        ReceivedRequest request = new(message, envelope, isNamed ? name : null, correlation?.TimeLeft)
        {
            Trace = options.PropagateTrace && correlation is { } known ? known.Trace : default,
            Start = start,
        };
        handler ??= _others;
        if (handler is not null)
        {
            _callbacks.Enter(handler.Origin); // until the stream's own callback ends, which this is a part of
            RequestKey? key = handler.IsAsync && correlation is { Kind: CorrelationKind.Request, Number: var number }
                ? RequestKey.Of(message, envelope - 2, number) : null;
            return AnswerAsync(request, handler, key, closing);
        }

        _meter.AddAnswered(start, null, RemoteException.UnknownName);
        SendError(message, new RemoteException(RemoteException.UnknownName,
            $"There is no handler of the name '{EscapedText.Show(message.Body[0])}'."));
        return Task.CompletedTask;
    }

    /// <param name="request">Gets one answer, unless its client calls it off.</param>
    /// <param name="handler">Answers it.</param>
    /// <param name="key">By which its client can call it off; null where it cannot, or nobody would hear of it.</param>
    /// <param name="closing">The stream's.</param>
    private async Task AnswerAsync(ReceivedRequest request, Handler handler, RequestKey? key, CancellationToken closing)
    {
        using RequestLifetime? lifetime = key is { } known ? new RequestLifetime(stream.IOLoop, known, request.TimeLeft, closing) : null;
        if (lifetime is not null) _lifetimes.Add(lifetime);
        request.Lifetime = lifetime;
        using ReplyDeadline? deadline = handler.IsAsync && options.HandlerTimeout != Timeout.InfiniteTimeSpan
            ? new ReplyDeadline(stream, () => AnswerInPlace(request, _timedOut), closing) : null;
        try
        {
            Task running = handler.Call(request, lifetime?.Token ?? closing);
            using CancellationTokenRegistration lost = Activities.EndWith(stream.IOLoop, running.IsCompleted ? null : request.Activity);
            if (!running.IsCompleted) _underWay.Add(request);
            await running;
            if (request.Reply is null) throw new RemoteException("The handler gave no answer.");
        }
        catch (Exception exception)
        {
            if (request.Activity is { } failed) Activity.Current = failed; // what is logged belongs to it
            Fail(request, exception, gaveUp: lifetime?.Token.IsCancellationRequested ?? closing.IsCancellationRequested);
            return;
        }
        finally
        {
            _underWay.Remove(request);
            if (lifetime is not null) _lifetimes.Remove(lifetime);
            if (request.Activity is { } ended) Activities.End(ended);
        }

        if (request.IsAnswered)
        {
            Interlocked.Increment(ref _late);
            return;
        }

        _meter.AddAnswered(request.Start, request.Name, error: null);
        if (lifetime is not { IsCalledOff: true })
            Send(request.Message.Reply(request.Reply.Count == 0 ? [Frame.Empty] : request.Reply.Frames));
    }

    /// <summary>The handler goes on, and its client waits for it no more: it is told so, and what the handler ends with comes too
    /// late.</summary>
    private void AnswerInPlace(ReceivedRequest request, RemoteException error)
    {
        if (request.IsAnswered || request.Lifetime is { IsCalledOff: true }) return;
        request.IsAnswered = true;
        AnswerWith(request, error);
    }

    /// <summary>A drain waits no more for the handlers that are left.</summary>
    private void GiveUp()
    {
        foreach (ReceivedRequest request in _underWay) AnswerInPlace(request, _closing);
    }

    /// <summary>A client does not wait any more. What is under way no longer, or is somebody else's, stays as it is, and nobody is
    /// answered.</summary>
    private void CallOff(RequestKey key)
    {
        foreach (RequestLifetime one in _lifetimes.Find(key))
            if (one.TryCallOff()) stream.IOLoop.SpawnCallback(() => Cancel(one)); // what it leads to is no part of this receiving

        void Cancel(RequestLifetime lifetime)
        {
            try
            {
                lifetime.Cancel();
            }
            finally
            {
                Interlocked.Increment(ref _cancelled); // whoever sees it finds the handler's token cancelled
            }
        }
    }

    private void Fail(ReceivedRequest request, Exception exception, bool gaveUp)
    {
        if (request.IsAnswered) Interlocked.Increment(ref _late);
        else AnswerWith(request, ErrorOf(request, exception, gaveUp));
        if (exception is not RemoteException { IsReceived: false } && !(gaveUp && exception is OperationCanceledException))
            _callbacks.Report(exception, request.Message);
    }

    private RemoteException ErrorOf(ReceivedRequest request, Exception exception, bool gaveUp) => exception switch
    {
        RemoteException { IsReceived: false } given => given,
        OperationCanceledException when gaveUp && stream.IsClosed =>
            new RemoteException(RemoteException.Closing, "The server closes, and has not carried out the request."),
        OperationCanceledException when request.Lifetime is { IsCalledOff: true } =>
            new RemoteException("cancelled", "The client does not wait any more."), // for the activity alone
        OperationCanceledException when gaveUp =>
            new RemoteException(RemoteException.TimedOut, "The handler gave up, since the request's time was over."),
        _ => Translate(request, exception),
    };

    private void AnswerWith(ReceivedRequest request, RemoteException error)
    {
        _meter.AddAnswered(request.Start, request.Name, error.ErrorType);
        if (request.Activity is { } activity) Activities.Fail(activity, error.ErrorType);
        if (request.Lifetime is not { IsCalledOff: true }) SendError(request.Message, error);
    }

    private RemoteException Translate(ReceivedRequest request, Exception exception)
    {
        try
        {
            if (options.ErrorReply?.Invoke(request, exception) is { } error) return error;
        }
        catch (Exception failure)
        {
            _callbacks.Report(failure, request.Message);
        }

        if (IsOfAnotherServer(exception)) return new RemoteException();
        return exception is MessageFormatException ? new RemoteException(RemoteException.BadRequest, MessageOf(exception))
            : new RemoteException(exception.GetType().Name, MessageOf(exception)) { ErrorType = Activities.TypeOf(exception) };
    }

    /// <summary>Which may be code of a user's, and throw.</summary>
    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? "";
        }
        catch (Exception)
        {
            return "";
        }
    }

    /// <summary>The handler has asked somebody else: what that one has said, and where it is, is nothing for the own clients.</summary>
    private static bool IsOfAnotherServer(Exception exception) => exception switch
    {
        RemoteException remote => remote.IsReceived,
        MessageFormatException format => format.IsOfAnswer,
        AggregateException several => several.InnerExceptions.Any(IsOfAnotherServer), // its message has theirs
        _ => exception is RequestTimeoutException,
    };

    /// <summary>To a <see cref="RequestClient"/> the envelope says that it is an error; to others the first frame does.</summary>
    private void SendError(Message message, RemoteException error)
    {
        Interlocked.Increment(ref _errors);
        Message reply = message.Reply(RemoteErrorFrames.Write(error));
        int correlation = reply.Count - RemoteErrorFrames.Frames - 2;
        if (correlation > 0 && CorrelationFrame.Parse(reply[correlation]) is { } known)
        {
            Message marked = new();
            for (int i = 0; i < reply.Count; i++)
                marked.Append(i == correlation ? (known with { Kind = CorrelationKind.Error, TimeLeft = null }).ToFrame() : reply[i]);
            reply = marked;
        }

        Send(reply);
    }

    private void Send(Message reply)
    {
        Interlocked.Increment(ref _replies);
        try
        {
            stream.Send(reply, (_, error) => Count(error));
        }
        catch (ObjectDisposedException exception)
        {
            Count(exception); // closed, and not drained, while the handler was under way
        }

        void Count(Exception? error)
        {
            if (error is not null) Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>Answers requests of a name.</summary>
    /// <param name="Call">Answers one.</param>
    /// <param name="Origin">Names it in reports, of a blocked loop and of a handler that takes long.</param>
    /// <param name="IsAsync">It may be under way for a while, and has a token.</param>
    private sealed record Handler(Func<ReceivedRequest, CancellationToken, Task> Call, CallbackOrigin Origin, bool IsAsync);
}
