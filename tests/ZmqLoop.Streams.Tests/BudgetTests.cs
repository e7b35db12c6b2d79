namespace ZmqLoop.Streams.Tests;

public sealed class BudgetTests
{
    [Fact]
    public void A_stream_receives_at_most_its_budget_of_messages_in_a_turn()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 3 });
        world.Socket.Arrive(MessageText.Numbers(7));
        world.LogReceived();
        world.Loop.AddCallback(() => world.Log.Add("turn"));
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            if (message.Text() is "0" or "3" or "6") world.Loop.AddCallback(() => world.Log.Add("turn"));
        });
        world.Run();
        Assert.Equal(["turn", "0", "1", "2", "turn", "3", "4", "5", "turn", "6", "turn"], world.Log);
    }

    [Fact]
    public void A_stream_receives_at_most_its_budget_of_bytes_in_a_turn()
    {
        using StreamWorld world = new(new ZMQStreamOptions { BytesPerTurn = 10 });
        world.Socket.Arrive("aaaaaa", "bbbbbb", "cccccc", "d");
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text()[..1]);
            world.Loop.AddCallback(() => world.Log.Add("turn"));
        });
        world.Run();
        Assert.Equal(["a", "b", "turn", "turn", "c", "d", "turn", "turn"], world.Log);
    }

    [Theory]
    [InlineData(5, 2)]
    [InlineData(20, 1)]
    [InlineData(1, 16)]
    public void Slow_callbacks_use_the_turn_up_sooner(int milliseconds, int expected)
    {
        using StreamWorld world = new(new ZMQStreamOptions { TimePerTurn = TimeSpan.FromMilliseconds(10) });
        world.Socket.Arrive(MessageText.Numbers(100));
        int inFirstTurn = 0;
        int turn = 0;
        world.Stream.OnRecv(message =>
        {
            world.Loop.ManualTime.Advance(TimeSpan.FromMilliseconds(milliseconds));
            if (message.Text() == "0") world.Loop.AddCallback(() => turn++);
            if (turn == 0) inFirstTurn++;
        });
        world.Run();
        Assert.Equal(expected, inFirstTurn);
    }

    [Fact]
    public void A_flooded_stream_lets_the_others_have_their_turn()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 4 });
        using ScriptedSocket other = new();
        using ZMQStream quiet = new(other, world.Loop);
        world.Socket.Arrive(MessageText.Numbers(10));
        other.Arrive("quiet");
        world.LogReceived();
        quiet.OnRecv(message => world.Log.Add(message.Text()));
        world.Run();
        Assert.Equal(4, world.Log.IndexOf("quiet"));
    }

    [Fact]
    public void With_50_000_requests_queued_at_most_one_budget_passes_between_a_timers_due_time_and_its_callback()
    {
        using StreamWorld world = new();
        int budget = new ZMQStreamOptions().MessagesPerTurn;
        world.Socket.Arrive(MessageText.Numbers(50_000));
        int received = 0;
        int? dueAt = null;
        int worst = 0;
        TimeSpan due = world.Loop.ManualTime.Now + TimeSpan.FromMilliseconds(1);
        void Arm() => world.Loop.CallLater(TimeSpan.FromMilliseconds(1), () =>
        {
            worst = Math.Max(worst, received - dueAt ?? 0);
            dueAt = null;
            due = world.Loop.ManualTime.Now + TimeSpan.FromMilliseconds(1);
            if (received < 50_000) Arm();
        });
        Arm();
        world.Stream.OnRecv(message =>
        {
            received++;
            world.Loop.ManualTime.Advance(TimeSpan.FromMicroseconds(3));
            if (world.Loop.ManualTime.Now >= due) dueAt ??= received;
            world.Stream.Send(message);
        });
        world.Run();
        Assert.Equal(50_000, world.Socket.Outbox.Count);
        Assert.InRange(worst, 1, budget);
    }

    [Fact]
    public void A_thousand_sends_in_a_turn_make_no_more_dispatches_than_budgets()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 100 });
        int turns = 0;
        world.Loop.AddCallback(() =>
        {
            for (int i = 0; i < 1000; i++) world.Stream.Send($"{i}");
        });
        world.Run();
        turns = world.Loop.Poller.Polls.Count;
        Assert.Equal(MessageText.Numbers(1000), world.Socket.Outbox);
        Assert.InRange(turns, 1, 12);
    }

    [Fact]
    public void However_often_a_stream_asks_for_its_turn_it_gets_one_budget_between_two_turns_of_the_others()
    {
        const int Requests = 1_000;
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 8 });
        world.Socket.Arrive(MessageText.Numbers(Requests));
        int received = 0;
        int sinceTurn = 0;
        int most = 0;
        void Turn()
        {
            most = Math.Max(most, sinceTurn);
            sinceTurn = 0;
            if (received < Requests) world.Loop.AddCallback(Turn);
        }

        void Take(Message message)
        {
            received++;
            sinceTurn++;
            for (int i = 0; i < 3; i++) // in pyzmq 17 to 27 each of these makes one more dispatch
            {
                world.Stream.Send(message);
                world.Stream.OnRecv(Take);
                world.Stream.OnRecvStream((_, next) => Take(next));
            }

            world.Loop.AddCallback(() => world.Stream.Send("later"));
        }

        world.Stream.OnRecv(Take);
        world.Loop.AddCallback(Turn);
        world.Run();
        Assert.Equal(Requests, received);
        Assert.Equal(4 * Requests, world.Socket.Outbox.Count);
        Assert.InRange(most, 1, 8);
    }

    [Fact]
    public void Replies_go_out_in_the_turn_of_their_requests()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        world.Stream.OnRecv(message =>
        {
            world.Stream.Send(message);
            world.Loop.AddCallback(() => world.Log.Add($"{world.Socket.Outbox.Count}"));
        });
        world.Run();
        Assert.Equal(["2", "2"], world.Log);
    }

    [Fact]
    public void A_stream_with_a_higher_priority_is_served_first_in_each_turn()
    {
        using StreamWorld world = new(new ZMQStreamOptions { MessagesPerTurn = 2 });
        using ScriptedSocket socket = new();
        using ZMQStream control = new(socket, world.Loop, new ZMQStreamOptions { Priority = 1 });
        world.Socket.Arrive("1", "2", "3", "4");
        socket.Arrive("control");
        control.OnRecv(message => world.Log.Add(message.Text()));
        world.Stream.OnRecv(message =>
        {
            world.Log.Add(message.Text());
            if (message.Text() == "1") socket.Arrive("control");
        });
        world.Run();
        Assert.Equal(["control", "1", "2", "control", "3", "4"], world.Log);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new();
        foreach (ZMQStreamOptions options in new ZMQStreamOptions[]
        {
            new() { MessagesPerTurn = 0 }, new() { BytesPerTurn = 0 }, new() { TimePerTurn = TimeSpan.Zero },
            new() { MaxConcurrency = 0 }, new() { DrainTime = TimeSpan.FromTicks(-1) },
        }) Assert.Throws<ArgumentOutOfRangeException>(() => new ZMQStream(socket, loop, options));
    }
}
