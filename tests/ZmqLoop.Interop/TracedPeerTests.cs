using System.Diagnostics;
using System.Text.Json.Nodes;
using ZmqLoop.Streams;

namespace ZmqLoop.Interop;

/// <summary>Traces that go through a pyzmq peer, whose ten lines are those of docs/tracing.md.</summary>
public sealed class TracedPeerTests
{
    private const string TheirParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

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

    [Fact]
    public void The_ten_lines_are_those_of_the_page()
    {
        string page = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "tracing.md"));
        string shown = page.Split("```python\n")[1].Split("```")[0];
        Assert.Contains(shown, File.ReadAllText(TracedPeer.Script), StringComparison.Ordinal);
        Assert.True(shown.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length <= 10, shown);
    }
}
