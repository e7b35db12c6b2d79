using System.Diagnostics;
using System.Text;

namespace ZmqLoop.Streams.Tests.Requests;

/// <summary>Activities of requests. Listeners hear the whole process: each test listens to names of its own, beside those of meters, which
/// are heard by those who count allocations.</summary>
[Collection(nameof(MeterTests))]
public sealed class RequestTraceTests : IDisposable
{
    private static int _names;

    private readonly string _name = $"traced {Interlocked.Increment(ref _names)}";
    private readonly List<Activity> _ended = [];
    private readonly ActivityListener _listener;
    private readonly ActivitySource _source = new("ZmqLoop.Streams.Tests");

    public RequestTraceTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is ZmqLoopTelemetry.ActivitySourceName or "ZmqLoop.Streams.Tests",
            Sample = (ref ActivityCreationOptions<ActivityContext> made) => made.Name.Contains(_name, StringComparison.Ordinal)
                && (made.Source.Name != ZmqLoopTelemetry.ActivitySourceName || made.Tags!.Any(static tag => tag.Key == "messaging.system"))
                ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                lock (_ended) _ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _source.Dispose();
    }

    [Fact]
    public void A_request_is_an_activity_of_its_clients_and_one_of_its_servers_in_one_trace()
    {
        using ScriptedEngine engine = new();
        using ScriptedLoop loop = new();
        using Responder responder = new(engine.CreateSocket(SocketType.Router), loop, new ResponderOptions { PropagateTrace = true });
        using RequestClient client = new(engine.CreateSocket(SocketType.Dealer), loop,
            new RequestClientOptions { Name = _name, PropagateTrace = true });
        List<Activity?> inside = [];
        responder.OnRequest(_name, async (_, cancelled) =>
        {
            inside.Add(Activity.Current);
            await loop.Delay(TimeSpan.FromSeconds(1), cancelled);
            inside.Add(Activity.Current);
            return new Message("done");
        });
        responder.Bind("inproc://traced");
        client.Connect("inproc://traced");
        using (Activity? work = _source.StartActivity(_name))
        {
            Task<Message> answer = client.RequestAsync(new Message(_name));
            Assert.Same(work, Activity.Current);
            loop.RunUntilIdle();
            Assert.True(answer.IsCompletedSuccessfully, $"{answer.Exception}");
        }

        Activity server = Assert.Single(_ended, static activity => activity.Kind == ActivityKind.Server);
        Activity asked = Assert.Single(_ended, static activity => activity.Kind == ActivityKind.Client);
        Activity outer = _ended[^1];
        Assert.Equal([$"process {_name}", $"request {_name}", _name], _ended.Select(static activity => activity.OperationName));
        Assert.Equal((asked.TraceId, asked.SpanId), (server.TraceId, server.ParentSpanId));
        Assert.Equal((outer.TraceId, outer.SpanId), (asked.TraceId, asked.ParentSpanId));
        Assert.True(server.HasRemoteParent);
        Assert.Equal([server, server], inside);
        Assert.Equal(5.0, asked.GetTagItem("zmqloop.request.timeout"));
        Assert.Equal(ActivityStatusCode.Unset, asked.Status);
    }

    [Fact]
    public void What_a_client_tells_of_its_trace_is_not_believed_unless_the_responder_is_told_to()
    {
        using ResponderWorld world = new(new ResponderOptions { Name = _name });
        world.Responder.OnRequest(static _ => new Message("done"));
        world.Socket.Arrive(Traced("traceparent: 00-07070707070707070707070707070707-0707070707070707-01"));
        world.Run();
        Assert.Equal(default, Assert.Single(_ended).ParentSpanId);
        Assert.Single(world.Socket.Outbox);
    }

    [Fact]
    public void A_trace_that_W3C_does_not_allow_is_none()
    {
        using ResponderWorld world = new(new ResponderOptions { Name = _name, PropagateTrace = true });
        world.Responder.OnRequest(static _ => new Message("done"));
        world.Socket.Arrive(Traced("traceparent: 00-00000000000000000000000000000000-0000000000000000-01"));
        world.Socket.Arrive(Traced("traceparent: 00-07070707070707070707070707070707-0707070707070707-01\ntracestate: ours=1"));
        world.Run();
        Assert.Equal(2, world.Socket.Outbox.Count);
        Assert.Equal(default, _ended[0].ParentSpanId);
        Assert.Equal("0707070707070707", _ended[1].ParentSpanId.ToHexString());
        Assert.Equal("ours=1", _ended[1].TraceStateString);
    }

    [Fact]
    public void A_request_without_a_trace_is_no_part_of_what_was_under_way_where_its_handler_was_given()
    {
        using ResponderWorld world = new(new ResponderOptions { Name = _name, PropagateTrace = true });
        using (_source.StartActivity(_name)) world.Responder.OnRequest(static _ => new Message("done"));
        _ended.Clear();
        world.Arrive("peer", "1");
        world.Run();
        Activity server = Assert.Single(_ended);
        Assert.Equal((ActivityKind.Server, default), (server.Kind, server.ParentSpanId));
    }

    [Fact]
    public void Errors_and_requests_without_an_answer_are_errors_of_their_activities_by_kind_alone()
    {
        using ResponderWorld server = new(new ResponderOptions { Name = _name });
        Activity? reported = null;
        server.Loop.OnError = _ => reported = Activity.Current;
        server.Responder.OnRequest(static Message (ReceivedRequest _) => throw new InvalidOperationException("secret"));
        server.Arrive("peer", "1");
        server.Run();
        Activity failed = Assert.Single(_ended);
        Assert.Equal((ActivityStatusCode.Error, null), (failed.Status, failed.StatusDescription));
        Assert.Equal(typeof(InvalidOperationException).FullName, failed.GetTagItem("error.type"));
        Assert.Same(failed, reported); // so that the log's entry has its trace

        _ended.Clear();
        using RequestWorld client = new(new RequestClientOptions { Name = _name });
        Task<Message> answer = client.Ask("?");
        client.Run();
        Assert.True(answer.IsFaulted);
        Assert.Equal(typeof(RequestTimeoutException).FullName, Assert.Single(_ended).GetTagItem("error.type"));
    }

    [Theory]
    [InlineData(false, "failed|The server failed.", "failed")]
    [InlineData(true, "declined|secret", "_OTHER")]
    public void The_activity_of_a_request_whose_handler_got_anothers_error_has_nothing_that_the_other_chose(
        bool passesOn, string answer, string type)
    {
        using RequestWorld bank = new(new RequestClientOptions { Name = $"{_name} bank" });
        using ResponderWorld shop = new(new ResponderOptions
        {
            Name = _name, ErrorReply = passesOn ? static (_, exception) => (RemoteException)exception : null,
        });
        bank.Server.OnRecv(message =>
        {
            byte[] correlation = [.. "ZLR1!"u8, .. message[0].ToArray()[5..]];
            bank.Server.SendMultipart(correlation, "", "error", "declined", "secret");
        });
        Task<Message> asked = bank.Ask("pay");
        bank.Run();
        Assert.Equal("_OTHER", Assert.Single(_ended).GetTagItem("error.type")); // a stranger may have chosen the code

        shop.Responder.OnRequest(async (_, _) => await asked);
        shop.Arrive("peer", "1");
        shop.RunUntil(() => shop.Socket.Outbox.Count == 1);
        Assert.Equal([$"peer||error|{answer}"], shop.Socket.Outbox);
        Assert.Equal(type, _ended[^1].GetTagItem("error.type"));
    }

    [Theory]
    [InlineData("closing", "closing")]
    [InlineData("", "_OTHER")]
    [InlineData("card 4111 1111", "_OTHER")]
    public void Of_the_codes_that_servers_choose_a_clients_activity_has_those_of_the_library_alone(string code, string type)
    {
        using RequestWorld world = new(new RequestClientOptions { Name = _name });
        world.Server.OnRecv(message =>
        {
            byte[] correlation = [.. "ZLR1!"u8, .. message[0].ToArray()[5..]];
            world.Server.SendMultipart(correlation, "", "error", code, "secret");
        });
        Task<Message> asked = world.Ask("pay");
        world.Run();
        Assert.Equal(code, Assert.IsType<RemoteException>(asked.Exception?.InnerException).Code);
        Assert.Equal(type, Assert.Single(_ended).GetTagItem("error.type"));
    }

    [Fact]
    public void The_activity_of_a_request_that_a_handler_answers_with_a_code_of_its_own_has_that()
    {
        using ResponderWorld server = new(new ResponderOptions { Name = _name });
        server.Responder.OnRequest(static Message (ReceivedRequest _) => throw new RemoteException("declined", "secret"));
        server.Arrive("peer", "1");
        server.Run();
        Assert.Equal("declined", Assert.Single(_ended).GetTagItem("error.type"));
    }

    [Fact]
    public void Without_a_trace_the_envelope_is_as_it_was()
    {
        _listener.Dispose();
        using RequestWorld world = new(new RequestClientOptions { PropagateTrace = true });
        world.Serve(static _ => "answer");
        world.Ask("?");
        world.Run();
        Assert.Equal(13, Assert.Single(world.Received)[0].Length);
        Assert.Empty(_ended);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_state_of_a_trace_goes_with_it_whether_or_not_the_time_does(bool tellsTime)
    {
        using RequestWorld world = new(new RequestClientOptions
        {
            Name = _name, PropagateTrace = true, Requests = new RequestOptions { TellsTimeLeft = tellsTime },
        });
        world.Serve(static _ => "answer");
        using (Activity work = new(_name))
        {
            work.SetParentId("00-07070707070707070707070707070707-0707070707070707-01");
            work.TraceStateString = "ours=1";
            work.Start();
            Task<Message> answer = world.Ask("?");
            world.Run();
            Assert.True(answer.IsCompletedSuccessfully);
        }

        string asked = Assert.Single(_ended).Id!;
        byte[] correlation = Assert.Single(world.Received)[0].ToArray();
        Assert.EndsWith($"traceparent: {asked}\ntracestate: ours=1", Encoding.ASCII.GetString(correlation), StringComparison.Ordinal);
    }

    private static Message Traced(string trace) =>
        new("client", (byte[])[.. "ZLR1?00000007"u8, .. Encoding.ASCII.GetBytes(trace)], "", "1");
}
