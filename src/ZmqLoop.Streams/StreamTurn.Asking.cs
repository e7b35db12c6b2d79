namespace ZmqLoop.Streams;

// Asking: what waits for whoever asks for the stream's messages.
internal sealed partial class StreamTurn
{
    private IntakeParts? _asking; // once somebody asks
    private bool _callbackHasMessages;
    private bool _waitsAreOver;
    private Action? _update;
    private int _updateScheduled;

    /// <summary>What the stream is asked by, which is made by that. Any thread.</summary>
    public IntakeParts Asking => AskingOrNull ?? MakeAsking();

    /// <summary>How many messages are waited for, or read ahead for. Any thread.</summary>
    public int Wanted => AskingOrNull?.Inbox.Wanted ?? 0;

    Inbox? IReceivingTurn.Inbox => AskingOrNull?.Inbox;

    private IntakeParts? AskingOrNull => Volatile.Read(ref _asking);

    void IReceivingTurn.GiveToCallback()
    {
        lock (_traffic)
        {
            _asking?.Inbox.GiveToCallback();
            _callbackHasMessages = true;
        }
    }

    void IReceivingTurn.TakeFromCallback()
    {
        lock (_traffic)
        {
            _asking?.Inbox.TakeFromCallback();
            _callbackHasMessages = false;
        }
    }

    void IReceivingTurn.ScheduleDelivery() => _loop.SpawnCallback(DeliverInbox);

    void IStreamParts.EndWaits() => EndWaits();

    void IReceivingTurn.Demand()
    {
        if (_loop.IsRunningHere)
        {
            if (!_busy) UpdateInterest();
        }
        else if (Interlocked.Exchange(ref _updateScheduled, 1) == 0)
        {
            _loop.SpawnCallback(_update ??= UpdateScheduled);
        }
    }

    private IntakeParts MakeAsking()
    {
        lock (_traffic)
        {
            if (_asking is { } made) return made;
            IntakeParts asking = new(_socket, _source, _lockstep, this, Life, _callbacks, _traffic, Activities, _options);
            if (_callbackHasMessages) asking.Inbox.GiveToCallback();
            if (_waitsAreOver) asking.Inbox.Close();
            Volatile.Write(ref _asking, asking);
            return asking;
        }
    }

    private int Receive(int limit) => Delivery.HasReceiver ? Delivery.Receive(limit) : AskingOrNull?.Intake.Fill(limit) ?? 0;

    private void FailWaiting(Exception error)
    {
        while (AskingOrNull?.Inbox.Fail(error) == true)
        {
            // Each that waits hears of it: the answer that may come is not theirs.
        }
    }

    private void DeliverInbox()
    {
        if (_busy) return;
        _busy = true;
        try
        {
            Delivery.DeliverInbox(int.MaxValue);
        }
        finally
        {
            EndTurn();
        }
    }

    private void UpdateScheduled()
    {
        Volatile.Write(ref _updateScheduled, 0); // first: what is wanted from now on schedules anew
        if (!_busy) UpdateInterest();
    }

    private void EndWaits()
    {
        IntakeParts? asking;
        lock (_traffic) (asking, _waitsAreOver) = (_asking, true);
        asking?.Inbox.Close();
        asking?.Polls.Close();
    }
}
