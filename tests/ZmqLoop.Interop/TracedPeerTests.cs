using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop;

/// <summary>Traces that go through a pyzmq peer, whose lines are those of docs/tracing.md.</summary>
public sealed class TracedPeerTests
{
    private const string TheirParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Header = "traceparent: " + TheirParent;

    [Fact]
    public async Task A_pyzmq_peer_reads_our_trace_and_we_read_its_own()
    {
        List<Activity> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == ZmqLoopTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> made) =>
                made.Name.EndsWith(" traced-peer", StringComparison.Ordinal) ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                lock (ended) ended.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using TracedPeer peer = TracedPeer.Start(TheirParent);
        string endpoint = await peer.ReadLineAsync();
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        await using IOLoopThread thread = IOLoopThread.Start(() => new ZMQIOLoop(engine));
        IOLoop loop = thread.Loop;
        TaskCompletionSource<(string Text, Activity? Activity)> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ZMQStream stream = await loop.InvokeAsync(() =>
        {
            ZMQStream made = new(engine.CreateSocket(SocketType.Req), loop,
                new ZMQStreamOptions { Name = "traced-peer", PropagateTrace = true });
            made.Socket.Linger = TimeSpan.Zero;
            made.OnRecv(message => answered.SetResult((message.Text(), Activity.Current)));
            made.Connect(endpoint);
            return made;
        });
        using Activity work = new("work");
        work.TraceStateString = "ours=1";
        work.Start();
        stream.SendMultipart("question", "in two frames");
        JsonNode asked = JsonNode.Parse(await peer.ReadLineAsync())!;
        (string text, Activity? inside) = await answered.Task.WaitAsync(Deadline.Default, TestContext.Current.CancellationToken);
        stream.Close();

        Activity sent = Assert.Single(ended, static activity => activity.OperationName == "send traced-peer");
        Assert.Equal("""["question","in two frames"]""", asked["frames"]!.ToJsonString());
        Assert.Equal((sent.Id, "ours=1"), ((string?)asked["trace"]!["traceparent"], (string?)asked["trace"]!["tracestate"]));
        Assert.Equal(work.SpanId, sent.ParentSpanId);
        Assert.Equal("answer", text); // the frame is taken off
        Assert.Equal((TheirParent, "theirs=1"), (inside?.ParentId, inside?.TraceStateString));
    }

    [Theory]
    [InlineData(Header, true)]
    [InlineData(Header + "\ntracestate: ours=1", true, "ours=1")]
    [InlineData(Header + "\nbaggage: a=b\n\u00ff\ntracestate: ours=1\nmore", true, "ours=1")]
    [InlineData(Header + "\ntracestate: \u00e9=1", true)]
    [InlineData(Header + "\nboom", true)]
    [InlineData("traceparent: x\nboom", false)]
    [InlineData("traceparent: \u00ff\u00fe", false)]
    [InlineData("traceparent: ", false)]
    [InlineData(Header + "\n", false)]
    [InlineData(Header + "\r\ntracestate: ours=1", false)]
    [InlineData(Header + "-more", false)]
    [InlineData("traceparent: 01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("traceparent: 00-0AF7651916CD43DD8448EB211C80319C-B7AD6B7169203331-01", false)]
    [InlineData("traceparent: 00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false)]
    [InlineData("", false)]
    public async Task A_pyzmq_peer_takes_the_frames_that_streams_take_and_survives_all_others(
        string frame, bool taken, string? state = null)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(frame);
        using TracedPeer peer = TracedPeer.Start(TheirParent);
        string endpoint = await peer.ReadLineAsync();
        using ZMQEngine engine = EngineUnderTest.Current.CreateEngine();
        await using IOLoopThread thread = IOLoopThread.Start(() => new ZMQIOLoop(engine));
        Message received = await thread.Loop.InvokeAsync(async () =>
        {
            using ZMQStream client = new(engine.CreateSocket(SocketType.Req), options: null);
            client.Connect(endpoint);
            client.SendMultipart("question", bytes);
            using Message answer = await client.ReceiveAsync(Deadline.Default);
            using ZMQStream pull = new(engine.CreateSocket(SocketType.Pull), options: new ZMQStreamOptions { PropagateTrace = true });
            using ZMQStream push = new(engine.CreateSocket(SocketType.Push), options: null);
            push.Connect($"tcp://127.0.0.1:{pull.BindToRandomPort("tcp://127.0.0.1")}");
            push.SendMultipart("question", bytes);
            return await pull.ReceiveAsync(Deadline.Default);
        });
        JsonNode asked = JsonNode.Parse(await peer.ReadLineAsync())!;
        Assert.Equal((taken ? 1 : 2, taken), (received.Count, received.TraceContext != default));
        Assert.Equal(taken ? 1 : 2, asked["frames"]!.AsArray().Count);
        Assert.Equal(taken ? frame.Split('\n')[0][13..] : null, (string?)asked["trace"]!["traceparent"]);
        Assert.Equal((state, state), ((string?)asked["trace"]!["tracestate"], received.TraceContext.TraceState));
        Assert.Equal((taken ? 1 : 0) + (state is null ? 0 : 1), asked["trace"]!.AsObject().Count);
    }

    [Fact]
    public void The_lines_in_python_are_those_of_the_page()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "tracing.md"));
        string shown = page.Split("```python\n")[1].Split("```")[0];
        Assert.Contains(shown, File.ReadAllText(TracedPeer.Script), StringComparison.Ordinal);
        Assert.True(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length <= 15, shown);
    }
}
