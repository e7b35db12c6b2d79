using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ZmqLoop.Telemetry;

/// <summary>Traces between two services that have a proxy between them: its ROUTER and DEALER, and the server's ROUTER, over tcp.</summary>
[Collection(nameof(MetricsTests))]
public sealed class ProxyTraceTests : IDisposable
{
    private const string Client = "proxied-client";
    private const string Server = "proxied-server";

    private readonly ZMQEngine _engine = EngineUnderTest.Current.CreateEngine();
    private readonly ZMQIOLoop _loop;
    private readonly ZMQProxy _proxy;
    private readonly ZMQStream _server;
    private readonly ZMQStream _client;
    private readonly ZMQSocket _plain; // a peer that knows of no traces
    private readonly List<string> _asked = []; // what the server got, without the envelope
    private readonly List<string> _answers = [];

    public ProxyTraceTests()
    {
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false });
        ZMQSocket front = Socket(SocketType.Router), back = Socket(SocketType.Dealer);
        string asks = $"tcp://127.0.0.1:{front.BindToRandomPort("tcp://127.0.0.1")}";
        string answers = $"tcp://127.0.0.1:{back.BindToRandomPort("tcp://127.0.0.1")}";
        _proxy = new ZMQProxy(front, back, null, _loop);
        _server = new ZMQStream(Socket(SocketType.Router), _loop,
            new ZMQStreamOptions { Name = Server, PropagateTrace = true, EnvelopeFormat = EnvelopeFormat.Delimiter });
        _client = new ZMQStream(Socket(SocketType.Dealer), _loop, new ZMQStreamOptions { Name = Client, PropagateTrace = true });
        _plain = Socket(SocketType.Dealer);
        _server.OnRecv(async message =>
        {
            _asked.Add(Texts(message.Body));
            await _loop.Delay(TimeSpan.FromMilliseconds(1));
            _server.Send(message.Reply("answer"));
        });
        _client.OnRecv(message => _answers.Add(Texts(message.Frames)));
        _server.Connect(answers);
        _client.Connect(asks);
        _plain.Connect(asks);
    }

    public void Dispose()
    {
        _client.Close(TimeSpan.Zero);
        _server.Close(TimeSpan.Zero);
        _plain.Dispose();
        _proxy.Close();
        _loop.Close();
        _engine.Dispose();
    }

    [Fact]
    public void A_trace_goes_on_through_a_proxy_and_back_with_the_frames_that_were_sent()
    {
        List<Activity> spans = [];
        using ActivitySource source = new("ZmqLoop.Telemetry.Tests");
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().SetSampler(new AlwaysOnSampler())
            .AddSource(ZmqLoopTelemetry.ActivitySourceName, source.Name).AddInMemoryExporter(spans).Build();
        using (source.StartActivity("checkout")) _client.SendMultipart("", "order", "3 apples");
        RunUntil(() => _answers.Count > 0 && spans.Exists(static span => span.DisplayName == $"process {Client}"));
        Assert.Equal(["order|3 apples"], _asked);
        Assert.Equal(["|answer"], _answers);
        string[] chain = ["checkout", $"send {Client}", $"process {Server}", $"send {Server}", $"process {Client}"];
        foreach ((string parent, string child) in chain.Zip(chain[1..]))
        {
            Activity one = spans.Single(span => span.DisplayName == parent), next = spans.Single(span => span.DisplayName == child);
            Assert.Equal((one.TraceId, one.SpanId), (next.TraceId, next.ParentSpanId));
        }
    }

    [Fact]
    public void A_peer_that_knows_of_no_traces_is_served_as_ever_while_nothing_is_traced_and_gets_the_last_frame_while_something_is()
    {
        Assert.Equal("|answer", Ask());
        List<Activity> spans = [];
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().SetSampler(new AlwaysOnSampler())
            .AddSource(ZmqLoopTelemetry.ActivitySourceName).AddInMemoryExporter(spans).Build();
        string answer = Ask();
        Assert.Equal(["plain|order", "plain|order"], _asked);
        Assert.Equal(default, spans.Single(static span => span.DisplayName == $"process {Server}").ParentSpanId);
        Activity sent = spans.Single(static span => span.DisplayName == $"send {Server}");
        Assert.Equal($"|answer|traceparent: {sent.Id}", answer); // as docs/tracing.md says

        string Ask()
        {
            string? text = null;
            RunUntil(() => _plain.TrySend(new Message("", "plain", "order")));
            RunUntil(() => _plain.TryReceive(out Message? answer) && (text = Texts(answer.Frames)) is not null);
            return text!;
        }
    }

    private static string Texts(ReadOnlySpan<Frame> frames)
    {
        List<string> texts = [];
        foreach (Frame frame in frames) texts.Add(frame.ToText());
        return string.Join('|', texts);
    }

    private ZMQSocket Socket(SocketType type)
    {
        ZMQSocket socket = _engine.CreateSocket(type);
        socket.Linger = TimeSpan.Zero;
        return socket;
    }

    private void RunUntil(Func<bool> condition)
    {
        DateTime end = DateTime.UtcNow + EngineUnderTest.Current.LongWait;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, $"{_loop}; {_client}; {_server}; {_proxy}");
            _loop.RunOnce(TimeSpan.FromMilliseconds(20));
        }
    }
}
