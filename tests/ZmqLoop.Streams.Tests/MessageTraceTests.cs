using System.Diagnostics;

namespace ZmqLoop.Streams.Tests;

/// <summary>Activities of messages, and what tells of them on the wire.</summary>
[Collection(nameof(MeterTests))]
public sealed class MessageTraceTests : IDisposable
{
    private const string Parent = "00-07070707070707070707070707070707-0808080808080808-01";

    private readonly Tracing _tracing = new();

    public void Dispose() => _tracing.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_message_is_an_activity_where_it_is_sent_and_one_where_it_is_handled_in_one_trace(bool isAsync, bool copy)
    {
        using TwoStreams pair = new(SocketType.Push, SocketType.Pull, Options);
        List<Activity?> inside = [];
        List<string> received = [];
        if (isAsync) pair.Receiver.OnRecv(async message =>
        {
            inside.Add(Activity.Current);
            await pair.Loop.Delay(TimeSpan.FromSeconds(1));
            received.Add(message.Text());
            inside.Add(Activity.Current);
        }, copy);
        else pair.Receiver.OnRecv(message =>
        {
            received.Add(message.Text());
            inside.Add(Activity.Current);
            pair.Loop.CallLater(1, () => inside.Add(Activity.Current));
        }, copy);

        using (Activity work = _tracing.Begin())
        {
            pair.Sender.SendMultipart("topic", "order");
            pair.Sender.Send("next");
            Assert.Same(work, Activity.Current);
        }

        pair.Loop.RunUntilIdle();
        Assert.Equal(["next", "topic|order"], received.Order());
        Activity[] sent = [.. _tracing.Ended.Where(static activity => activity.Kind == ActivityKind.Producer)];
        Activity[] handled = [.. _tracing.Ended.Where(static activity => activity.Kind == ActivityKind.Consumer)];
        Assert.Equal(2, sent.Length);
        Assert.Equal(sent.Select(static activity => (activity.TraceId, activity.SpanId)),
            handled.Select(static activity => (activity.TraceId, activity.ParentSpanId)));
        Assert.All(inside, static activity => Assert.NotNull(activity));
        Assert.Equal(handled.Select(static activity => activity.SpanId).Order(new ByText()), inside.Where(
            static activity => activity!.Kind == ActivityKind.Consumer).Select(static activity => activity!.SpanId).Distinct()
            .Order(new ByText()));
        Assert.All(inside, activity => Assert.Contains(activity!.TraceId, handled.Select(static handled => handled.TraceId)));
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void They_say_what_OpenTelemetry_wants_to_know_of_messages()
    {
        using TwoStreams pair = new(SocketType.Push, SocketType.Pull, Options, "tcp://127.0.0.1:5599");
        pair.Receiver.OnRecv(static _ => { });
        pair.Sender.SendMultipart("topic", "order");
        pair.Loop.RunUntilIdle();
        foreach (string operation in (string[])["send", "process"])
        {
            Activity activity = _tracing.The(operation);
            Assert.Equal("zeromq", activity.GetTagItem("messaging.system"));
            Assert.Equal(operation, activity.GetTagItem("messaging.operation.name"));
            Assert.Equal(operation, activity.GetTagItem("messaging.operation.type"));
            Assert.Equal(_tracing.Name, activity.GetTagItem("messaging.destination.name"));
            Assert.Equal(10L, activity.GetTagItem("messaging.message.body.size"));
            Assert.Equal("127.0.0.1", activity.GetTagItem("server.address"));
            Assert.Equal(5599, activity.GetTagItem("server.port"));
            Assert.Null(activity.GetTagItem("error.type"));
        }
    }

    [Fact]
    public void A_sampler_is_asked_by_the_same_tags_for_each_message_and_by_others_where_the_endpoints_have_changed()
    {
        _tracing.Dispose();
        List<IEnumerable<KeyValuePair<string, object?>>> asked = [];
        using ActivityListener sampler = new()
        {
            ShouldListenTo = static source => source.Name == ZmqLoopTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> made) =>
            {
                if (made.Name == $"send {_tracing.Name}") asked.Add(made.Tags!);
                return ActivitySamplingResult.None;
            },
        };
        ActivitySource.AddActivityListener(sampler);
        using TwoStreams pair = new(SocketType.Push, SocketType.Pull, Options, "tcp://127.0.0.1:5599");
        pair.Sender.Send("1");
        pair.Sender.Send("2");
        pair.Sender.Disconnect("tcp://127.0.0.1:5599");
        pair.Sender.Send("3");
        Assert.Equal(["messaging.destination.name=" + _tracing.Name, "messaging.operation.name=send", "messaging.operation.type=send",
            "messaging.system=zeromq", "server.address=127.0.0.1", "server.port=5599"], Texts(asked[0]));
        Assert.Same(asked[0], asked[1]);
        Assert.DoesNotContain(Texts(asked[2]), static text => text.StartsWith("server", StringComparison.Ordinal));

        static IEnumerable<string> Texts(IEnumerable<KeyValuePair<string, object?>> tags) =>
            tags.Select(static tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void A_message_that_is_asked_for_is_an_activity_that_has_ended_and_says_where_it_was_sent()
    {
        using TwoStreams pair = new(SocketType.Push, SocketType.Pull, Options);
        Task<Message> first = pair.Receiver.ReceiveAsync().AsTask();
        pair.Sender.Send("1");
        pair.Loop.RunUntilIdle();
        Activity sent = _tracing.The("send");
        Activity received = _tracing.The("receive");
        Assert.Equal((sent.TraceId, sent.SpanId), (received.TraceId, received.ParentSpanId));
        Message message = first.Result;
        Assert.Equal((sent.SpanId, true, 1), (message.TraceContext.SpanId, message.TraceContext.IsRemote, message.Count));
        using Message copy = new();
        copy.CopyFrom(message);
        Assert.Equal(sent.SpanId, copy.TraceContext.SpanId);
        copy.Clear();
        Assert.Equal(default, copy.TraceContext);
    }

    [Theory]
    [InlineData(SocketType.Dealer, "body|traceparent: ")]
    [InlineData(SocketType.Pub, "body|traceparent: ")]
    [InlineData(SocketType.XPub, "body|traceparent: ")]
    [InlineData(SocketType.XSub, "body")]
    public void The_frame_is_the_last_one_and_an_XSUB_has_none(SocketType type, string sent)
    {
        using StreamWorld world = new(Options, type);
        List<string> told = [];
        using (_tracing.Begin()) world.Stream.Send("body", (message, _) => told.Add(message.Text()));
        world.Run();
        Assert.StartsWith(sent, Assert.Single(world.Socket.Outbox), StringComparison.Ordinal);
        Assert.Equal(["body"], told); // who sends sees what he has sent
        Assert.Equal(type == SocketType.XSub, world.Socket.Outbox[0] == "body");
    }

    [Fact]
    public void Without_the_option_nothing_is_added_and_nothing_taken()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = _tracing.Name });
        world.Socket.Arrive(new Message("body", "traceparent: " + Parent));
        world.LogReceived();
        using (_tracing.Begin()) world.Stream.Send("sent");
        world.Run();
        Assert.Equal(["sent"], world.Socket.Outbox);
        Assert.Equal(["body|traceparent: " + Parent], world.Log);
        Assert.Equal(default, _tracing.The("process").ParentSpanId); // it is followed all the same
    }

    [Fact]
    public void Where_nothing_is_traced_nothing_is_added()
    {
        _tracing.Dispose();
        using StreamWorld world = new(Options);
        world.Stream.Send("1");
        world.Run();
        Assert.Equal(["1"], world.Socket.Outbox);
    }

    [Fact]
    public void An_activity_of_somebody_elses_is_told_of_though_nobody_listens_here()
    {
        _tracing.Dispose();
        using StreamWorld world = new(Options);
        using (Activity work = new Activity("work").SetIdFormat(ActivityIdFormat.W3C))
        {
            work.TraceStateString = "ours=1,theirs=2";
            work.Start();
            world.Stream.Send("1");
            world.Run();
            Assert.Equal([$"1|traceparent: {work.Id}\ntracestate: ours=1,theirs=2"], world.Socket.Outbox);
        }
    }

    [Fact]
    public void A_request_and_its_answer_are_one_trace_over_REQ_and_REP()
    {
        using TwoStreams pair = new(SocketType.Req, SocketType.Rep, Options);
        List<string> log = [];
        pair.Receiver.OnRecv(message =>
        {
            log.Add(message.Text());
            pair.Receiver.Send(message.Reply("answer"));
        });
        pair.Sender.OnRecv(message => log.Add(message.Text()));
        pair.Sender.Send("question");
        pair.Loop.RunUntilIdle();
        Assert.Equal(["question", "answer"], log);
        Assert.Single(_tracing.Ended.Select(static activity => activity.TraceId).Distinct());
        Assert.Equal(4, _tracing.Ended.Count);
    }

    [Fact]
    public void What_is_not_sent_is_an_error_of_its_activity_by_kind_alone()
    {
        using StreamWorld world = new(Options with { SendQueueLimit = 1 });
        world.Socket.Room = 0;
        world.Stream.Send(new Message("1"), TimeSpan.FromSeconds(1));
        Assert.Throws<MessageNotSentException>(() => world.Stream.Send("2"));
        world.Run();
        CancellationTokenSource source = new();
        Task cancelled = world.Stream.SendAsync("3", source.Token);
        world.Run();
        source.Cancel();
        world.Run();
        Assert.True(cancelled.IsCanceled);
        world.Socket.FailSend(1, new ZMQException(ZMQErrorCode.HostUnreachable, 113, "EHOSTUNREACH", "secret"));
        world.Stream.Send("4");
        world.Run();
        world.Stream.Send("5");
        world.Run();
        world.Stream.Close();
        Assert.Equal(["queue_full", "expired", typeof(OperationCanceledException).FullName, "EHOSTUNREACH",
            "closed"], _tracing.Ended.Select(static activity => activity.GetTagItem("error.type")));
        Assert.All(_tracing.Ended, static activity => Assert.Equal(ActivityStatusCode.Error, activity.Status));
        Assert.All(_tracing.Ended, static activity => Assert.Null(activity.StatusDescription));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_callback_throws_is_an_error_of_its_activity_and_is_reported_in_it(bool isAsync)
    {
        using StreamWorld world = new(Options);
        Activity? reported = null;
        world.Loop.OnError = _ => reported = Activity.Current;
        if (isAsync) world.Stream.OnRecv(async _ =>
        {
            await world.Loop.Delay(TimeSpan.FromSeconds(1));
            throw StreamWorld.Oops;
        });
        else world.Stream.OnRecv(static _ => throw StreamWorld.Oops);
        world.Socket.Arrive("1");
        world.Run();
        Activity failed = _tracing.The("process");
        Assert.Same(failed, reported);
        Assert.Equal(typeof(InvalidOperationException).FullName, failed.GetTagItem("error.type"));
        Assert.Null(failed.StatusDescription);
    }

    [Fact]
    public void What_contexts_set_is_set_once_in_what_a_traced_callback_starts()
    {
        using StreamWorld world = new(Options);
        AsyncLocal<int> depth = new();
        List<int> seen = [];
        new StackContext((Func<IDisposable?>)Deeper).Run(() => world.Stream.OnRecv(_ => Hop(3)));
        world.Socket.Arrive("1");
        world.Run();
        Assert.Equal([1, 1, 1, 1], seen);

        IDisposable? Deeper()
        {
            depth.Value++;
            return null;
        }

        void Hop(int left)
        {
            seen.Add(depth.Value);
            if (left > 0) world.Loop.AddCallback(() => Hop(left - 1));
        }
    }

    [Fact]
    public void A_message_for_a_peer_without_room_is_sent_once_there_is_some_with_its_trace()
    {
        using StreamWorld world = new(Options, SocketType.Router);
        world.Socket.FullPeers.Add("slow");
        using (_tracing.Begin())
        {
            world.Stream.SendMultipart("slow", "1");
            world.Stream.SendMultipart("quick", "2");
        }

        world.Loop.CallLater(1, world.Socket.FullPeers.Clear);
        world.Run();
        Assert.Collection(world.Socket.Outbox, static text => Assert.StartsWith("quick|2|traceparent: ", text, StringComparison.Ordinal),
            static text => Assert.StartsWith("slow|1|traceparent: ", text, StringComparison.Ordinal));
        Assert.Equal(2, world.Socket.Outbox.Select(static text => text.Split('|')[2]).Distinct().Count());
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Server)]
    [InlineData(SocketType.Radio)]
    public void Sockets_of_one_frame_are_refused_the_option(SocketType type)
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new(type);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new ZMQStream(socket, loop, Options));
        Assert.Contains("PropagateTrace", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_send_callback_and_after_SendAsync_the_senders_activity_is_current()
    {
        using StreamWorld world = new(Options);
        List<Activity?> inside = [];
        using (Activity work = _tracing.Begin())
        {
            world.Stream.Send("1", (_, _) => inside.Add(Activity.Current));
            world.Loop.AddCallback(async () =>
            {
                await world.Stream.SendAsync("2");
                inside.Add(Activity.Current);
            });
            world.Run();
            Assert.Equal([work, work], inside);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void What_a_send_callback_throws_is_reported_in_the_activity_of_its_message(bool ofOne, bool inWork)
    {
        using StreamWorld world = new(Options);
        Activity? reported = null;
        world.Loop.OnError = _ => reported = Activity.Current;
        Action<Message, Exception?> callback = static (_, _) => throw StreamWorld.Oops;
        if (!ofOne) world.Stream.OnSend(callback);
        using (inWork ? _tracing.Begin() : null) world.Stream.Send(new Message("1"), ofOne ? callback : null);
        world.Run();
        Assert.Same(_tracing.The("send"), reported);
    }

    private ZMQStreamOptions Options => new() { Name = _tracing.Name, PropagateTrace = true };

    private sealed class ByText : IComparer<ActivitySpanId>
    {
        public int Compare(ActivitySpanId x, ActivitySpanId y) => string.CompareOrdinal(x.ToHexString(), y.ToHexString());
    }
}
