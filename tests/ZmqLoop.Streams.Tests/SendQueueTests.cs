namespace ZmqLoop.Streams.Tests;

public sealed class SendQueueTests
{
    private static StreamWorld Full(SendQueueFullMode mode, int limit = 2)
    {
        StreamWorld world = new(new ZMQStreamOptions { SendQueueLimit = limit, SendQueueFullMode = mode });
        world.Socket.Room = 0;
        world.Stream.OnSend((message, error) =>
            world.Log.Add(
                $"{message.Text()} "
                + $"{(error is MessageNotSentException dropped ? dropped.Reason : error is null ? "sent" : error.GetType().Name)}"));
        return world;
    }

    [Theory]
    [InlineData(SendQueueFullMode.DropOldest, "1 QueueFull", "2 sent", "3 sent")]
    [InlineData(SendQueueFullMode.DropNewest, "2 QueueFull", "1 sent", "3 sent")]
    [InlineData(SendQueueFullMode.DropWrite, "3 QueueFull", "1 sent", "2 sent")]
    public void A_full_queue_drops_what_its_mode_says_and_tells_the_sender(SendQueueFullMode mode, params string[] expected)
    {
        using StreamWorld world = Full(mode);
        world.Loop.AddCallback(() =>
        {
            foreach (string text in (string[])["1", "2", "3"]) world.Stream.Send(text);
            Assert.Empty(world.Log); // never inside Send
        });
        world.Loop.CallLater(1, () => world.Socket.Room = 10);
        world.Run();
        Assert.Equal(expected, world.Log);
        Assert.Equal(1, world.Stream.DroppedMessages);
        Assert.Empty(world.Loop.Errors);
    }

    [Theory]
    [InlineData(SendQueueFullMode.Wait)]
    [InlineData(SendQueueFullMode.Throw)]
    public void Where_nothing_is_dropped_Send_throws_TrySend_says_no_and_nothing_is_queued(SendQueueFullMode mode)
    {
        using StreamWorld world = Full(mode);
        world.Stream.Send("1");
        Assert.True(world.Stream.TrySend(new Message("2")));
        Assert.False(world.Stream.TrySend(new Message("3")));
        MessageNotSentException error = Assert.Throws<MessageNotSentException>(() => world.Stream.Send("3"));
        Assert.Equal(NotSentReason.QueueFull, error.Reason);
        Assert.Contains("SendAsync", error.Message, StringComparison.Ordinal);
        Assert.Throws<MessageNotSentException>(() => world.Stream.SendMultipart("3", "4"));
        Assert.Equal(2, world.Stream.SendQueueLength);
        world.Socket.Room = 10;
        world.Run();
        Assert.Equal(["1", "2"], world.Socket.Outbox);
        Assert.Equal(0, world.Stream.DroppedMessages);
    }

    [Fact]
    public async Task SendAsync_waits_for_room_where_the_mode_is_to_wait_and_fails_where_it_is_to_throw()
    {
        using StreamWorld world = Full(SendQueueFullMode.Wait);
        world.Stream.Send("1");
        world.Stream.Send("2");
        Task third = world.Stream.SendAsync(new Message("3"));
        world.Run();
        Assert.False(third.IsCompleted);
        Assert.False(world.Stream.TrySend(new Message("4"))); // nor does it overtake
        world.Socket.Room = 3;
        world.Run();
        await third;
        Assert.Equal(["1", "2", "3"], world.Socket.Outbox);

        using StreamWorld strict = Full(SendQueueFullMode.Throw, limit: 1);
        strict.Stream.Send("1");
        await Assert.ThrowsAsync<MessageNotSentException>(() => strict.Stream.SendAsync(new Message("2")));
    }

    [Fact]
    public void The_limit_of_bytes_counts_too_and_one_message_longer_than_it_is_taken()
    {
        using StreamWorld world = new(new ZMQStreamOptions { SendQueueByteLimit = 10 });
        world.Socket.Room = 0;
        Assert.True(world.Stream.TrySend(new Message("123456", "78")));
        Assert.Equal(8, world.Stream.SendQueueBytes);
        Assert.False(world.Stream.TrySend(new Message("123")));
        Assert.True(world.Stream.TrySend(new Message("12")));
        world.Socket.Room = 2;
        world.Run();
        Assert.Equal(0, world.Stream.SendQueueBytes);
        world.Socket.Room = 0;
        Assert.True(world.Stream.TrySend(new Message(new byte[1000])));
        Assert.False(world.Stream.TrySend(new Message("")) && world.Stream.TrySend(new Message("1")));
    }

    [Fact]
    public void WaitToSendAsync_ends_when_there_is_room_or_the_stream_is_closed()
    {
        using StreamWorld world = Full(SendQueueFullMode.Wait, limit: 1);
        Assert.True(world.Stream.WaitToSendAsync().Result);
        world.Stream.Send("1");
        Task<bool> room = world.Stream.WaitToSendAsync();
        world.Run();
        Assert.False(room.IsCompleted);
        world.Socket.Room = 1;
        world.Run();
        Assert.True(room.Result);
        world.Stream.Send("2");
        room = world.Stream.WaitToSendAsync();
        world.Stream.Close();
        Assert.False(room.Result);
        Assert.False(world.Stream.WaitToSendAsync().Result);
    }

    [Fact]
    public void A_producer_that_waits_for_room_sends_everything_with_a_short_queue()
    {
        using StreamWorld world = new(new ZMQStreamOptions { SendQueueLimit = 3 });
        world.Socket.Room = 0;
        int longest = 0;
        world.Loop.AddCallback(async () =>
        {
            for (int i = 0; i < 100;)
            {
                Assert.True(await world.Stream.WaitToSendAsync());
                while (i < 100 && world.Stream.TrySend(new Message($"{i}"))) i++;
                longest = Math.Max(longest, world.Stream.SendQueueLength);
            }
        });
        PeriodicCallback reader = new(() => world.Socket.Room++, 1, world.Loop);
        reader.Start();
        world.Loop.CallLater(1, reader.Stop);
        world.Run();
        Assert.Equal(MessageText.Numbers(100), world.Socket.Outbox);
        Assert.Equal(3, longest);
    }

    [Fact]
    public void A_message_whose_time_is_over_is_not_sent_and_its_sender_told_in_time()
    {
        using StreamWorld world = Full(SendQueueFullMode.Wait, limit: 100);
        void Log(Message message, Exception? error) =>
            world.Log.Add($"{world.Loop.ManualTime.Now.TotalSeconds} {message.Text()} {((MessageNotSentException?)error)?.Reason}");
        world.Loop.AddCallback(() =>
        {
            world.Stream.Send(new Message("1"), TimeSpan.FromSeconds(2), Log);
            world.Stream.Send(new Message("2"), TimeSpan.FromSeconds(1), Log);
            world.Stream.Send(new Message("3"), Timeout.InfiniteTimeSpan, Log);
        });
        world.Loop.CallLater(0.5, () => world.Stream.Send(new Message("4"), TimeSpan.FromSeconds(1), Log)); // the queue is stuck by now
        world.Loop.CallLater(3, () => world.Socket.Room = 10);
        world.Run();
        Assert.Equal(["1 2 Expired", "1.5 4 Expired", "2 1 Expired", "3 3 "], world.Log);
        Assert.Equal(["3"], world.Socket.Outbox);
        Assert.Equal(3, world.Stream.DroppedMessages);
    }

    [Fact]
    public void A_message_that_was_sent_in_time_leaves_no_timer_and_a_late_loop_sends_nothing_stale()
    {
        using StreamWorld world = new(new ZMQStreamOptions { TimeToLive = TimeSpan.FromSeconds(1) });
        world.Loop.AddCallback(() => world.Stream.Send("1", world.LogSent()));
        world.Run();
        Assert.Equal(TimeSpan.Zero, world.Loop.ManualTime.Now);
        world.Stream.Send("2", world.LogSent());
        world.Loop.ManualTime.Advance(TimeSpan.FromSeconds(5)); // the loop was busy, or did not run
        world.Run();
        Assert.Equal(["sent 1", "sent 2 MessageNotSentException"], world.Log);
        Assert.Equal(["1"], world.Socket.Outbox);
    }

    [Fact]
    public async Task SendAsync_that_is_cancelled_takes_its_message_back()
    {
        using StreamWorld world = Full(SendQueueFullMode.Wait, limit: 10);
        using CancellationTokenSource cancel = new();
        Task first = world.Stream.SendAsync(new Message("1"), cancel.Token);
        Task second = world.Stream.SendAsync(new Message("2"), CancellationToken.None);
        world.Run();
        await cancel.CancelAsync();
        Assert.Equal(cancel.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first)).CancellationToken);
        Assert.Equal(1, world.Stream.SendQueueLength);
        world.Socket.Room = 2;
        world.Run();
        await second;
        Assert.Equal(["2"], world.Socket.Outbox);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Stream.SendAsync(new Message("3"), cancel.Token));
        Assert.Equal(0, world.Stream.SendQueueLength);
    }

    [Fact]
    public async Task SendAsync_with_a_time_fails_when_it_is_over()
    {
        using StreamWorld world = Full(SendQueueFullMode.Wait, limit: 10);
        Task send = world.Stream.SendAsync(new Message("1"), TimeSpan.FromMilliseconds(100));
        world.Run();
        Assert.Equal(NotSentReason.Expired, (await Assert.ThrowsAsync<MessageNotSentException>(() => send)).Reason);
        Assert.Equal(TimeSpan.FromMilliseconds(100), world.Loop.ManualTime.Now);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => world.Stream.SendAsync(new Message("1"), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => world.Stream.Send(new Message("1"), TimeSpan.FromSeconds(-5)));
    }

    [Fact]
    public async Task Clearing_drops_all_that_waits_and_tells_everyone()
    {
        using StreamWorld world = Full(SendQueueFullMode.Wait, limit: 10);
        world.Stream.Send("1");
        world.Stream.Send("2", world.LogSent("own"));
        Task third = world.Stream.SendAsync(new Message("3"));
        world.Run();
        Assert.Equal(3, world.Stream.ClearSendQueue());
        Assert.Empty(world.Log);
        Assert.False(world.Stream.IsSending);
        Assert.Equal(0, world.Stream.ClearSendQueue());
        world.Socket.Room = 10;
        world.Stream.Send("4");
        world.Run();
        Assert.Equal(["1 Cleared", "own 2 MessageNotSentException", "4 sent"], world.Log);
        Assert.Equal(NotSentReason.Cleared, (await Assert.ThrowsAsync<MessageNotSentException>(() => third)).Reason);
        Assert.Equal(3, world.Stream.DroppedMessages);
    }

    [Fact]
    public void What_nobody_asked_about_is_dropped_with_a_count_and_is_no_error_of_the_loop()
    {
        using StreamWorld world = new(new ZMQStreamOptions { SendQueueLimit = 1, SendQueueFullMode = SendQueueFullMode.DropOldest });
        world.Socket.Room = 0;
        for (int i = 0; i < 1000; i++) world.Stream.Send($"{i}");
        world.Run();
        Assert.Equal(999, world.Stream.DroppedMessages);
        Assert.Empty(world.Loop.Errors);
        world.Socket.Room = 1;
        world.Run();
        Assert.Equal(["999"], world.Socket.Outbox);
    }

    [Fact]
    public void Messages_dropped_just_before_the_close_are_told_of_as_dropped()
    {
        using StreamWorld world = Full(SendQueueFullMode.DropOldest, limit: 1);
        world.Stream.Send("1");
        world.Stream.Send("2");
        world.Stream.Close();
        Assert.Equal(["1 QueueFull", "2 ObjectDisposedException"], world.Log);
    }

    [Fact]
    public async Task A_drain_ends_when_the_last_message_is_cancelled_or_expires()
    {
        using StreamWorld world = Full(SendQueueFullMode.Wait, limit: 10);
        using CancellationTokenSource cancel = new();
        Task cancelled = world.Stream.SendAsync(new Message("1"), cancel.Token);
        Task expired = world.Stream.SendAsync(new Message("2"), TimeSpan.FromSeconds(2));
        world.Loop.AddCallback(() => { world.Stream.CloseAsync(TimeSpan.FromSeconds(60)); });
        world.Loop.CallLater(1, cancel.Cancel);
        world.Run();
        Assert.True(world.Socket.IsClosed);
        Assert.Equal(TimeSpan.FromSeconds(2), world.Loop.ManualTime.Now);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAsync<MessageNotSentException>(() => expired);
    }

    [Fact]
    public void Eight_threads_on_a_bounded_queue_lose_and_repeat_nothing_that_was_not_dropped()
    {
        const int Each = 5_000;
        using StreamWorld world = new(new ZMQStreamOptions { SendQueueLimit = 50, SendQueueFullMode = SendQueueFullMode.DropOldest });
        int told = 0;
        world.Loop.Poller.WaitForWake = true;
        world.Stream.OnSend((_, _) =>
        {
            if (++told == 8 * Each) world.Loop.Stop();
        });
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() =>
        {
            for (int i = 0; i < Each; i++) world.Stream.Send($"{number} {i}");
        }))];
        Array.ForEach(threads, thread => thread.Start());
        world.Run();
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(8 * Each, world.Socket.Outbox.Count + world.Stream.DroppedMessages);
        Assert.Equal(world.Socket.Outbox.Count, world.Socket.Outbox.Distinct().Count());
        foreach (IGrouping<string, string> thread in world.Socket.Outbox.GroupBy(text => text[..1]))
            Assert.True(
                thread.Select(text => int.Parse(text[2..], System.Globalization.CultureInfo.InvariantCulture))
                    .Zip(thread.Skip(1).Select(text => int.Parse(text[2..], System.Globalization.CultureInfo.InvariantCulture)))
                        .All(pair => pair.First < pair.Second));
    }
}
