using System.Diagnostics;

namespace ZmqLoop.Streams;

/// <summary>Gives received messages to the receive callback, a row of them in one turn, and follows async handlers to their end. Loop's
/// thread.</summary>
internal sealed class Delivery
{
    private const long NotMeasured = -1;

    private readonly ZMQSocket _socket;
    private readonly MessageSource _source;
    private readonly IOLoop _loop;
    private readonly IReceivingTurn _turn;
    private readonly StreamLife _life;
    private readonly StreamCallbacks _callbacks;
    private readonly StreamMeter _meter;
    private readonly StreamTraffic _traffic;
    private readonly MessageActivities _activities;
    private readonly ZMQStreamOptions _options;
    private readonly Lockstep _lockstep;
    private readonly BorrowedMessages _borrowed;
    private readonly AsyncHandlers _handlers;
    private Receiver? _receiver;
    private CancellationTokenRegistration _scopeEnd;

    public Delivery(
        ZMQSocket socket, MessageSource source, Lockstep lockstep, IReceivingTurn turn, StreamLife life, AsyncHandlers handlers,
        StreamCallbacks callbacks, StreamMeter meter, StreamTraffic traffic, MessageActivities activities,
        ZMQStreamOptions options)
    {
        _socket = socket;
        _source = source;
        _loop = life.Loop;
        _turn = turn;
        _life = life;
        _handlers = handlers;
        _callbacks = callbacks;
        _meter = meter;
        _traffic = traffic;
        _activities = activities;
        _options = options;
        _lockstep = lockstep;
        _borrowed = new BorrowedMessages(single: _loop.RecordTrail() is not null); // in a debug loop
    }

    /// <summary>True while there is a callback.</summary>
    public bool HasReceiver => _receiver is not null;

    /// <summary>True while the callback may be given another message.</summary>
    public bool HasRoom => _handlers.Count < _options.MaxConcurrency;

    /// <summary>Messages go to this callback from now on.</summary>
    /// <param name="callback">The callback.</param>
    /// <param name="original">Names it in reports.</param>
    /// <param name="copy">Whether its messages are copies.</param>
    public void Begin(Action<Message> callback, Delegate original, bool copy) =>
        SetReceiver(new Receiver(new CapturedCallback<Message>(callback, original), null, _callbacks.Origin(original), copy));

    /// <inheritdoc cref="Begin(Action{Message}, Delegate, bool)"/>
    public void Begin(Func<Message, Task> callback, Delegate original, bool copy) =>
        SetReceiver(new Receiver(null, new CapturedAsync<Message>(callback, original), _callbacks.Origin(original), copy));

    /// <inheritdoc cref="Begin(Action{Message}, Delegate, bool)"/>
    public void Begin(Func<Message, CancellationToken, Task> callback, Delegate original, bool copy) =>
        Begin(_handlers.WithToken(callback), original, copy);

    /// <summary>There is no callback any more; what waits stays in the socket.</summary>
    public void End()
    {
        Drop();
        _turn.TakeFromCallback();
        _turn.UpdateInterest();
    }

    /// <summary>The callback is not pending in its scope any more.</summary>
    public void Drop()
    {
        _scopeEnd.Unregister();
        _receiver?.Hold?.Dispose();
        _receiver = null;
    }

    /// <summary>Receives until the socket is empty or the budget is used up.</summary>
    /// <returns>How many messages were delivered.</returns>
    public int Receive(int limit)
    {
        int fromInbox = _turn.Inbox is { Count: > 0 } ? DeliverInbox(limit) : 0;
        if (fromInbox >= limit) return fromInbox;
        ReceiveBudget budget = new(limit - fromInbox, _options, _loop.TimeProvider);
        bool observed = IsObserved;
        try
        {
            bool goesOn = true;
            while (goesOn && !budget.IsUsedUp && _receiver is { } receiver && Accepts(receiver) && HasRoom && _lockstep.MayReceive)
                goesOn = receiver.Callback is null || observed ? DeliverNext(receiver, ref budget, observed)
                    : DeliverRow(receiver, receiver.Callback, ref budget);
        }
        finally
        {
            _borrowed.End();
            if (budget.IsUsedUp) _loop.ExpectMore(_socket);
            _traffic.AddReceived(budget.Messages, budget.Bytes, budget.Start);
        }

        return fromInbox + budget.Messages;
    }

    /// <summary>Receives that were cancelled in the very moment in which their messages came left them in the inbox: the callback's first
    /// ones.</summary>
    /// <returns>How many there were.</returns>
    public int DeliverInbox(int limit)
    {
        int count = 0;
        if (_turn.Inbox is not { } inbox) return count;
        while (count < limit && !_life.IsClosed && _receiver is { } receiver && HasRoom && inbox.TryTake(out Message? message))
        {
            count++;
            Deliver(receiver, message, IsObserved);
        }

        return count;
    }

    /// <summary>True while somebody wants to know about single messages.</summary>
    private bool IsObserved => StreamMeter.MeasuresCallbacks || _activities.FollowsReceives;

    private void SetReceiver(Receiver receiver)
    {
        _life.VerifyReceives();
        _turn.GiveToCallback();
        Drop();
        _receiver = receiver;
        if (_turn.Inbox is { Count: > 0 }) _turn.ScheduleDelivery();
        if (receiver.Scope.CanBeCanceled)
            _scopeEnd = receiver.Scope.UnsafeRegister(static delivery => ((Delivery)delivery!).EndOfScope(), this);
        _turn.UpdateInterest();
    }

    /// <summary>The scope of the callback was cancelled: what waits stays in the socket, instead of going to a callback that does nothing
    /// any more. Any thread.</summary>
    private void EndOfScope()
    {
        _loop.RunOnLoop(Forget);

        void Forget()
        {
            if (!_life.IsClosed && _receiver is { Scope.IsCancellationRequested: true }) End();
        }
    }

    private bool Accepts(Receiver receiver) =>
        ReferenceEquals(_receiver, receiver) && !_life.IsClosed && !receiver.Scope.IsCancellationRequested;

    /// <summary>Messages to a callback that is not async, up to the first that fails.</summary>
    /// <returns>False where no more wait.</returns>
    private bool DeliverRow(Receiver receiver, CapturedCallback<Message> callback, ref ReceiveBudget budget)
    {
        Message? message = null;
        Exception? error = null;
        CallbackOrigin? outer = _callbacks.Enter(receiver.Origin);
        CallbackBatch<Message> calls = callback.Begin();
        try
        {
            do
            {
                message = TryReceive(receiver);
                if (message is null) break;
                budget.Spend(message.Size);
                error = calls.Invoke(message);
            }
            while (error is null && !budget.IsUsedUp && Accepts(receiver));
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            error = exception; // of the socket: there is no message
            message = null;
        }
        finally
        {
            calls.Dispose();
            _callbacks.Exit(outer);
        }

        if (error is not null && message is not null) Fail(error, receiver, message);
        else if (error is not null) _callbacks.Report(error, receiver.Origin);
        return message is not null;
    }

    /// <summary>One message to a callback of any kind.</summary>
    /// <returns>False where none waits.</returns>
    private bool DeliverNext(Receiver receiver, ref ReceiveBudget budget, bool observed)
    {
        Message? message;
        try
        {
            message = TryReceive(receiver);
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            _callbacks.Report(exception, receiver.Origin);
            return false;
        }

        if (message is null) return false;
        budget.Spend(message.Size);
        Deliver(receiver, message, observed);
        return true;
    }

    private Message? TryReceive(Receiver receiver)
    {
        if (!receiver.Copy) return _source.TryReceive(_borrowed, shared: receiver.Callback is null);
        return _source.TryReceive(out Message? owned) ? owned : null;
    }

    private void Deliver(Receiver receiver, Message message, bool observed)
    {
        long start = StreamMeter.MeasuresCallbacks ? _loop.TimeProvider.GetTimestamp() : NotMeasured;
        Activity? activity = observed && _activities.FollowsReceives ? _activities.Process(message) : null;
        bool pending = false;
        Exception? error;
        CallbackOrigin? outer = _callbacks.Enter(receiver.Origin);
        try
        {
            if (receiver.Callback is { } callback) error = Call(callback, message, activity);
            else pending = BeginAsync(receiver, message, start, activity, out error);
        }
        finally
        {
            _callbacks.Exit(outer);
        }

        if (!pending) Conclude(receiver, message, start, activity, error);
    }

    private static Exception? Call(CapturedCallback<Message> callback, Message message, Activity? activity)
    {
        CallbackBatch<Message> calls = activity is null ? callback.Begin() : callback.Begin(activity);
        Exception? error = calls.Invoke(message);
        calls.Dispose();
        return error;
    }

    /// <summary>Calls an async callback.</summary>
    /// <returns>False where it has ended already.</returns>
    private bool BeginAsync(Receiver receiver, Message message, long start, Activity? activity, out Exception? error)
    {
        _handlers.Begin();
        bool pending = false;
        try
        {
            Task task = receiver.AsyncCallback!.Invoke(message, activity);
            pending = !task.IsCompleted; // asked once: it may end on another thread any time
            error = pending ? null : ErrorOf(task);
            if (pending) WaitFor(task, receiver, message, start, activity);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        if (!pending) _handlers.EndAtOnce();
        return pending;
    }

    private void WaitFor(Task task, Receiver receiver, Message message, long start, Activity? activity)
    {
        if (!receiver.Copy) _borrowed.LetGo();
        LinkedListNode<AsyncHandler> handler = _handlers.Wait(_callbacks.Entered ?? receiver.Origin);
        CancellationTokenRegistration lost = Activities.EndWith(_loop, activity);
        NullContext.Run(() => _loop.AddFuture(task, ended =>
        {
            lost.Dispose();
            _handlers.End(handler);
            try
            {
                Conclude(receiver, message, start, activity, ErrorOf(ended, handler.Value.IsTimedOut));
            }
            finally
            {
                if (!receiver.Copy) _borrowed.TakeBack(message);
                _turn.AfterHandler();
            }
        }));
    }

    /// <summary>A callback has ended: what was observed is told, and how it failed, as a part of its activity.</summary>
    private void Conclude(Receiver receiver, Message message, long start, Activity? activity, Exception? error)
    {
        if (start != NotMeasured && StreamMeter.MeasuresCallbacks) _meter.AddCallback(_loop.TimeProvider.GetElapsedTime(start), error);
        if (activity is null)
        {
            if (error is not null) Fail(error, receiver, message);
            return;
        }

        Activity? outer = Activity.Current;
        try
        {
            Activity.Current = activity;
            if (error is not null) Fail(error, receiver, message);
        }
        finally
        {
            Activity.Current = outer;
            Activities.End(activity, error is null ? null : Activities.TypeOf(error));
        }
    }

    private Exception? ErrorOf(Task task, bool timedOut) => ErrorOf(task) is not { } error ? null
        : timedOut && error is OperationCanceledException
            ? new TimeoutException($"The receive callback was cancelled after its HandlerTimeout, {_options.HandlerTimeout}.", error)
        : error;

    /// <summary>What an async callback ended with; that it gave up because the stream closes is no error.</summary>
    private Exception? ErrorOf(Task task)
    {
        if (task.Exception is { } failure) return failure.InnerException ?? failure;
        return task.IsCanceled && !_life.IsClosed ? new TaskCanceledException(task) : null;
    }

    private void Fail(Exception exception, Receiver receiver, Message message)
    {
        try
        {
            if (_options.ErrorPolicy == StreamErrorPolicy.Pause && !_life.IsClosed) End();
            else if (_options.ErrorPolicy == StreamErrorPolicy.Close) _life.Close(null);
        }
        finally
        {
            try
            {
                _callbacks.Report(exception, receiver.Origin with { Item = message }, receiver.Flow, Activity.Current);
            }
            finally
            {
                if (_options.ErrorPolicy != StreamErrorPolicy.Close) _turn.AnswerFailure(message, exception);
            }
        }
    }
}
