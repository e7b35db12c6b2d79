using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using ZmqLoop.Streams;

namespace ZmqLoop.Benchmarks;

/// <summary>What activities cost a message and a request, over inproc in one thread: where nobody listens, where somebody does and samples
/// nothing, and where all is recorded.</summary>
[MemoryDiagnoser]
public class TraceBenchmarks
{
    private const int Batch = 1_000;

    private LibZmqEngine _engine = null!;
    private ZMQIOLoop _loop = null!;
    private ZMQStream _sender = null!;
    private ZMQStream _receiver = null!;
    private RequestClient _client = null!;
    private Responder _responder = null!;
    private ActivityListener? _listener;
    private Message _message = null!;
    private int _left;

    /// <summary>Whether there is a listener, and what it wants.</summary>
    [Params("nobody", "samples nothing", "records all")]
    public string Listener { get; set; } = "nobody";

    [Params(false, true)]
    public bool PropagateTrace { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        if (Listener != "nobody")
        {
            ActivitySamplingResult wanted =
                Listener == "records all" ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None;
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == ZmqLoopTelemetry.ActivitySourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => wanted,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        _engine = new LibZmqEngine();
        _loop = new ZMQIOLoop(_engine, new IOLoopOptions { MakeCurrent = false });
        ZMQStreamOptions options = new() { Name = "traced", PropagateTrace = PropagateTrace };
        ZMQSocket far = _engine.CreateSocket(SocketType.Pull);
        ZMQSocket near = _engine.CreateSocket(SocketType.Push);
        far.ReceiveHighWaterMark = near.SendHighWaterMark = 0;
        _receiver = new ZMQStream(far, _loop, options);
        _sender = new ZMQStream(near, _loop, options);
        _receiver.Bind("inproc://traced");
        _sender.Connect("inproc://traced");
        _receiver.OnRecv(_ =>
        {
            if (--_left == 0) _loop.Stop();
        }, copy: false);
        _responder = new Responder(
            _engine.CreateSocket(SocketType.Router), _loop, new ResponderOptions { PropagateTrace = PropagateTrace });
        _client = new RequestClient(
            _engine.CreateSocket(SocketType.Dealer), _loop, new RequestClientOptions { PropagateTrace = PropagateTrace });
        Message answer = new("answer");
        _responder.OnRequest(_ => answer);
        _responder.Bind("inproc://asked");
        _client.Connect("inproc://asked");
        _message = new Message(Frame.Own(new byte[100]));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _listener?.Dispose();
        _client.Dispose();
        _responder.Dispose();
        _sender.Dispose();
        _receiver.Dispose();
        _loop.Dispose();
        _engine.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void A_message_sent_and_handled()
    {
        for (_left = 0; _left < Batch; _left++) _sender.Send(_message);
        _loop.Start();
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public void A_request_and_its_answer() => _loop.RunSync(async () =>
    {
        for (int i = 0; i < Batch; i++) await _client.RequestAsync(_message);
    });
}
