namespace ZmqLoop.Streams.Tests;

/// <summary>Every door that stores a callback keeps the contexts in force when it was given, and no others.</summary>
public sealed class ContextTests
{
    private static readonly AsyncLocal<string?> _flowing = new();

    private static string Active => string.Join('>', StackContext.Active.Select(context => context.Name));

    private static StackContext Named(string name) => new(static () => (IDisposable?)null) { Name = name };

    [Theory]
    [InlineData("OnRecv")]
    [InlineData("OnRecv async")]
    [InlineData("OnRecvStream")]
    [InlineData("OnSend")]
    [InlineData("OnSendStream")]
    [InlineData("Send")]
    [InlineData("SetCloseCallback")]
    public void A_callback_keeps_the_contexts_it_was_given_in(string door)
    {
        using StreamWorld world = new();
        string? seen = null;
        string? flowed = null;
        void Look()
        {
            seen = Active;
            flowed = _flowing.Value;
        }

        Named("outer").Run(() => Named(door).Run(() =>
        {
            _flowing.Value = door;
            switch (door)
            {
                case "OnRecv": world.Stream.OnRecv(_ => Look()); break;
                case "OnRecv async": world.Stream.OnRecv(async _ => { await Task.Yield(); Look(); }); break;
                case "OnRecvStream": world.Stream.OnRecvStream((_, _) => Look()); break;
                case "OnSend": world.Stream.OnSend((_, _) => Look()); break;
                case "OnSendStream": world.Stream.OnSendStream((_, _, _) => Look()); break;
                case "Send": world.Stream.Send("sent", (_, _) => Look()); break;
                default: world.Stream.SetCloseCallback(Look); break;
            }
        }));
        _flowing.Value = "elsewhere";
        Named("elsewhere").Run(() =>
        {
            world.Socket.Arrive("1");
            if (door != "Send") world.Stream.Send("2");
            if (!door.StartsWith("OnRecv", StringComparison.Ordinal)) world.Stream.OnRecv(_ => { });
            world.Loop.CallLater(TimeSpan.FromSeconds(1), () => world.Stream.Close());
        });
        world.Run();
        Assert.Equal("outer>" + door, seen);
        Assert.Equal(door, flowed);
        Assert.Equal("elsewhere", _flowing.Value);
        _flowing.Value = null;
    }

    [Fact]
    public void A_receive_callback_of_a_cancelled_scope_gets_no_more_and_what_waits_stays_in_the_socket()
    {
        using StreamWorld world = new();
        CallbackScope scope = new(loop: world.Loop);
        scope.Run(() => world.Stream.OnRecv(message =>
        {
            world.Log.Add("in scope " + message.Text());
            scope.Cancel();
        }));
        foreach (string text in MessageText.Numbers(3)) world.Socket.Arrive(text);
        Assert.Equal(1, scope.Pending); // the receive callback is
        world.Run();
        Assert.Equal(["in scope 0"], world.Log);
        Assert.False(world.Stream.IsReceiving);
        Assert.True(scope.Completion.IsCompleted);

        world.LogReceived();
        world.Run();
        Assert.Equal(["in scope 0", "1", "2"], world.Log);
    }

    [Fact]
    public void A_scope_cancelled_later_does_not_touch_the_callback_that_replaced_its_own()
    {
        using StreamWorld world = new();
        CallbackScope scope = new(loop: world.Loop);
        scope.Run(() => world.Stream.OnRecv(_ => world.Log.Add("in scope")));
        world.LogReceived();
        Assert.True(scope.Completion.IsCompleted); // nothing is pending in it any more
        scope.Cancel();
        world.Socket.Arrive("1");
        world.Run();
        Assert.Equal(["1"], world.Log);
    }

    [Fact]
    public void Constructing_a_stream_inside_a_context_leaks_nothing()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new();
        ZMQStream? stream = null;
        bool asked = false;
        _flowing.Value = "constructor";
        new ExceptionStackContext(_ => asked = true).Run(() => stream = new ZMQStream(socket, loop));
        _flowing.Value = null;
        string? seen = null;
        string? flowed = null;
        socket.Arrive("1");
        stream!.OnRecv(_ =>
        {
            seen = Active;
            flowed = _flowing.Value;
            throw StreamWorld.Oops;
        });
        loop.RunUntilIdle();
        Assert.Equal("", seen);
        Assert.Null(flowed);
        Assert.False(asked);
        Assert.Single(loop.Errors);
        stream.Dispose();
    }

    [Fact]
    public void A_send_inside_a_context_does_not_put_the_next_receive_callback_into_it()
    {
        using StreamWorld world = new();
        world.Stream.OnRecv(_ => world.Log.Add($"[{Active}]"));
        world.Loop.AddCallback(() => Named("sender").Run(() => world.Stream.Send("1", (_, _) => world.Log.Add(Active))));
        world.Loop.CallLater(TimeSpan.FromSeconds(1), () => world.Socket.Arrive("2"));
        world.Loop.CallLater(TimeSpan.FromSeconds(1), () => { });
        world.Run();
        Assert.Equal(["sender", "[]"], world.Log);
    }

    [Fact]
    public void Contexts_follow_through_a_send_made_inside_a_receive_callback()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1");
        world.Stream.OnRecv(message => Named("request").Run(() =>
            world.Stream.Send(message, (_, _) => world.Loop.CallLater(1.0, () => world.Log.Add(Active)))));
        world.Run();
        Assert.Equal(["request"], world.Log);
    }

    [Fact]
    public async Task SendAsync_resumes_in_the_contexts_of_its_await()
    {
        using StreamWorld world = new();
        Task? done = null;
        world.Loop.AddCallback(() => done = Named("sender").Run(async () =>
        {
            await world.Stream.SendAsync(new Message("1"));
            Assert.True(world.Loop.CheckAccess());
            world.Log.Add(Active);
        }));
        world.Run();
        await done!;
        Assert.Equal(["sender"], world.Log);
    }

    [Fact]
    public void An_async_handlers_exception_goes_to_the_contexts_it_was_given_in()
    {
        using StreamWorld world = new();
        world.Socket.Arrive("1", "2");
        new ExceptionStackContext(error =>
        {
            world.Log.Add(error.Message);
            return true;
        }).Run(() => world.Stream.OnRecv(async message =>
        {
            string text = message.Text();
            await Task.Yield();
            throw new InvalidOperationException(text);
        }));
        world.Run();
        Assert.Equal(["1", "2"], world.Log);
        Assert.Empty(world.Loop.Errors);
    }
}
