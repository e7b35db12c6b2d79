namespace ZmqLoop.Streams;

public sealed partial class ZMQStream
{
    private const long NotMeasured = -1;

    private Message? _borrowed;
    private int _handlersRunning;

    private int ReceiveWaiting(int limit)
    {
        if (_receiver is null) return Fill(limit);
        int left = _inbox.Count > 0 ? DeliverLeft(limit) : 0;
        return left < limit ? left + Receive(limit - left) : left;
    }

    /// <summary>Receives that were cancelled in the very moment in which their messages came left them here: the callback's first ones.</summary>
    /// <returns>How many there were.</returns>
    private int DeliverLeft(int limit)
    {
        int count = 0;
        while (count < limit && !IsClosed && _receiver is { } receiver && _handlersRunning < _options.MaxConcurrency && _inbox.TryTake(out Message? message))
        {
            count++;
            Deliver(receiver, message, StreamMeter.MeasuresCallbacks);
        }

        return count;
    }

    /// <summary>As <see cref="DeliverLeft"/>, all of them, in a turn of the stream's own.</summary>
    private void ServeLeft()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            DeliverLeft(int.MaxValue);
        }
        finally
        {
            EndTurn();
        }
    }

    /// <summary>Receives straight from the socket until it is empty or the budget is used up.</summary>
    /// <returns>How many messages were received.</returns>
    private int Receive(int limit)
    {
        ReceiveBudget budget = new(limit, _options, IOLoop.TimeProvider);
        bool measured = StreamMeter.MeasuresCallbacks;
        try
        {
            bool goesOn = true;
            while (goesOn && !budget.IsUsedUp && _receiver is { } receiver && Accepts(receiver) && _handlersRunning < _options.MaxConcurrency && IsInStep)
                goesOn = receiver.Callback is null || measured ? DeliverNext(receiver, ref budget, measured) : DeliverRow(receiver, receiver.Callback, ref budget);
        }
        finally
        {
            _borrowed?.Clear();
            _meter.AddReceived(budget.Messages, budget.Bytes);
        }

        return budget.Messages;
    }

    private bool Accepts(Receiver receiver) => ReferenceEquals(_receiver, receiver) && !IsClosed && !receiver.Scope.IsCancellationRequested;

    /// <summary>Messages to a callback that is not async, up to the first that fails.</summary>
    /// <returns>False where no more wait.</returns>
    private bool DeliverRow(Receiver receiver, CapturedCallback<Message> callback, ref ReceiveBudget budget)
    {
        Message? last = null;
        Exception? error = null;
        using (new Inside(IOLoop, receiver.Origin))
        {
            CallSeries<Message> calls = callback.Begin();
            try
            {
                last = DeliverRow(receiver, ref calls, ref budget, out error);
            }
            catch (Exception exception) when (exception is not ContextTerminatedException)
            {
                error = exception;
            }
            finally
            {
                calls.Dispose();
            }
        }

        if (error is null) return last is not null;
        if (last is not null) Fail(error, receiver, last);
        else IOLoop.ReportException(error, receiver.Origin);
        return last is not null;
    }

    /// <returns>The last message; null where no more wait.</returns>
    private Message? DeliverRow(Receiver receiver, ref CallSeries<Message> calls, ref ReceiveBudget budget, out Exception? error)
    {
        error = null;
        Message? message;
        do
        {
            message = TryReceive(receiver.Copy);
            if (message is null) return null;
            budget.Spend(message.Size);
            error = calls.Invoke(message);
            LetGoIfKept(message);
        }
        while (error is null && !budget.IsUsedUp && Accepts(receiver));
        return message;
    }

    /// <summary>One message to a callback of any kind.</summary>
    /// <returns>False where none waits.</returns>
    private bool DeliverNext(Receiver receiver, ref ReceiveBudget budget, bool measured)
    {
        Message? message;
        try
        {
            message = TryReceive(receiver.Copy);
        }
        catch (Exception exception) when (exception is not ContextTerminatedException)
        {
            IOLoop.ReportException(exception, receiver.Origin);
            return false;
        }

        if (message is null) return false;
        budget.Spend(message.Size);
        Deliver(receiver, message, measured);
        return true;
    }

    private Message? TryReceive(bool copy)
    {
        if (copy) return Socket.TryReceive(out Message? owned) ? owned : null;
        Message message = _borrowed ??= new Message();
        return Socket.TryReceive(message) ? message : null;
    }

    /// <summary>A message that was kept belongs to whoever kept it, and the next gets memory of its own.</summary>
    private void LetGoIfKept(Message message)
    {
        if (message.IsKept && ReferenceEquals(message, _borrowed)) _borrowed = null;
    }

    private void Deliver(Receiver receiver, Message message, bool measured)
    {
        long start = measured ? IOLoop.TimeProvider.GetTimestamp() : NotMeasured;
        bool pending = false;
        Exception? error;
        using (new Inside(IOLoop, receiver.Origin))
        {
            if (receiver.Callback is { } callback) error = Call(callback, message);
            else pending = BeginAsync(receiver, message, start, out error);
        }

        LetGoIfKept(message);
        if (pending) return;
        if (measured) _meter.AddCallback(IOLoop.TimeProvider.GetElapsedTime(start), error);
        if (error is not null) Fail(error, receiver, message);
    }

    private static Exception? Call(CapturedCallback<Message> callback, Message message)
    {
        CallSeries<Message> calls = callback.Begin();
        Exception? error = calls.Invoke(message);
        calls.Dispose();
        return error;
    }

    /// <summary>Calls an async callback.</summary>
    /// <returns>False where it has ended already.</returns>
    private bool BeginAsync(Receiver receiver, Message message, long start, out Exception? error)
    {
        _handlersRunning++; // from its first line: a drain that it begins itself waits for it, too
        bool pending = false;
        try
        {
            Task task = receiver.AsyncCallback!(message);
            pending = !task.IsCompleted; // asked once: it may end on another thread any time
            error = pending ? null : ErrorOf(task);
            if (pending) WaitFor(task, receiver, message, start);
        }
        catch (Exception exception)
        {
            error = exception;
        }

        if (!pending) _handlersRunning--;
        return pending;
    }

    private void WaitFor(Task task, Receiver receiver, Message message, long start)
    {
        if (!receiver.Copy) _borrowed = null; // the handler's until it has ended
        NullContext.Run(() => IOLoop.AddFuture(task, ended =>
        {
            _handlersRunning--;
            try
            {
                EndAsync(receiver, message, ended, start);
            }
            finally
            {
                if (!receiver.Copy) TakeBack(message);
                if (_inbox.Count > 0) ServeLeft();
                UpdateInterest();
                CloseIfDrained();
            }
        }));
    }

    private void EndAsync(Receiver receiver, Message message, Task task, long start)
    {
        Exception? error = ErrorOf(task);
        if (start != NotMeasured && StreamMeter.MeasuresCallbacks) _meter.AddCallback(IOLoop.TimeProvider.GetElapsedTime(start), error);
        if (error is not null) Fail(error, receiver, message);
    }

    /// <summary>What an async callback ended with; that it gave up because the stream closes is no error.</summary>
    private Exception? ErrorOf(Task task)
    {
        if (task.Exception is { } failure) return failure.InnerException ?? failure;
        return task.IsCanceled && !IsClosed ? new TaskCanceledException(task) : null;
    }

    /// <summary>An async handler has ended: its message's memory is the next message's, unless it was kept.</summary>
    private void TakeBack(Message message)
    {
        if (message.IsKept) return;
        message.Clear();
        _borrowed ??= message;
    }

    private void Fail(Exception exception, Receiver receiver, Message message)
    {
        try
        {
            if (_options.ErrorPolicy == StreamErrorPolicy.Pause) StopOnRecv();
            else if (_options.ErrorPolicy == StreamErrorPolicy.Close) Close();
        }
        finally
        {
            IOLoop.ReportException(exception, receiver.Origin with { Item = message });
        }
    }
}
