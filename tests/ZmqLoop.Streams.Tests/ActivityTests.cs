using System.Diagnostics;

namespace ZmqLoop.Streams.Tests;

/// <summary>Activities that are not as they should be: over where they flow to, or listened to by code that throws.</summary>
[Collection(nameof(MeterTests))]
public sealed class ActivityTests : IDisposable
{
    private readonly Tracing _tracing = new();

    private ZMQStreamOptions Options => new() { Name = _tracing.Name, PropagateTrace = true };

    public void Dispose() => _tracing.Dispose();

    [Fact]
    public void What_is_current_stays_so_where_something_is_sent_though_it_has_ended()
    {
        using TwoStreams pair = new(SocketType.Push, SocketType.Pull, Options);
        List<Activity?> inside = [];
        using Activity work = _tracing.Begin();
        pair.Loop.AddCallback(() =>
        {
            pair.Sender.Send("1");
            inside.Add(Activity.Current);
            pair.Sender.Send("2");
            inside.Add(Activity.Current);
        });
        work.Stop();
        pair.Loop.RunUntilIdle();
        Assert.Equal([work, work], inside);
        Activity[] sent = [.. _tracing.Ended.Where(static activity => activity.Kind == ActivityKind.Producer)];
        Assert.Equal([work.SpanId, work.SpanId], sent.Select(static activity => activity.ParentSpanId));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void A_listener_that_throws_is_reported_and_keeps_no_message_from_going_its_way(bool begins, bool isAsync)
    {
        _tracing.Dispose();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == ZmqLoopTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> made) => !made.Name.Contains(_tracing.Name, StringComparison.Ordinal)
                ? ActivitySamplingResult.None : begins ? throw StreamWorld.Oops : ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.OperationName.Contains(_tracing.Name, StringComparison.Ordinal)) throw StreamWorld.Oops;
            },
        };
        ActivitySource.AddActivityListener(listener);
        using TwoStreams pair = new(SocketType.Req, SocketType.Rep, Options);
        if (isAsync) pair.Receiver.OnRecv(async message =>
        {
            await pair.Loop.Delay(TimeSpan.FromSeconds(1));
            pair.Receiver.Send(message.Reply("answer"));
        });
        else pair.Receiver.OnRecv(message => pair.Receiver.Send(message.Reply("answer")));
        Task<Message>? answer = null;
        pair.Loop.SpawnCallback(async () =>
        {
            await pair.Sender.SendAsync("question");
            answer = pair.Sender.ReceiveAsync().AsTask();
            Assert.Null(Activity.Current);
        });
        pair.Loop.RunUntilIdle();
        Assert.Equal("answer", answer!.Result.Text());
        Assert.All(pair.Loop.Errors, static error => Assert.Same(StreamWorld.Oops, error.Exception));
        Assert.Equal(4, pair.Loop.Errors.Count); // two messages, each sent and received
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_activity_of_a_handler_that_is_under_way_when_its_loop_is_closed_ends_with_that(bool ofRequests)
    {
        TaskCompletionSource never = new();
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new(SocketType.Router);
        using IDisposable receiver = ofRequests ? Answer() : Receive();
        socket.Arrive(new Message("peer", "", "1"));
        loop.RunUntilIdle();
        Assert.Empty(_tracing.Ended);
        loop.Close();
        Assert.Equal(typeof(ObjectDisposedException).FullName, _tracing.The("process").GetTagItem("error.type"));

        ZMQStream Receive()
        {
            ZMQStream stream = new(socket, loop, Options);
            stream.OnRecv(async _ => await never.Task);
            return stream;
        }

        Responder Answer()
        {
            Responder responder = new(socket, loop, new ResponderOptions { Name = _tracing.Name });
            responder.OnRequest(async (_, _) =>
            {
                await never.Task;
                return new Message("done");
            });
            return responder;
        }
    }
}
