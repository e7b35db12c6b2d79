using System.Diagnostics.Metrics;
using ZmqLoop.Streams.Tests.Requests;

namespace ZmqLoop.Streams.Tests;

/// <summary>Tests of one process share its meters: each listens to streams of its own name alone, and all of them are heard by those who
/// count allocations or frames, or look whether a message went at once: they run one after the other.</summary>
[Collection(nameof(MeterTests))]
public sealed class MeterTests : IDisposable
{
    private static int _names;

    private readonly MeterListener _listener = new();
    private readonly string _name = $"metered {Interlocked.Increment(ref _names)}";
    private readonly Dictionary<string, double> _totals = [];
    private readonly List<string> _calls = []; // requests: instrument, name, error, seconds
    private readonly List<string> _measurements = []; // the instrument of each
    private readonly List<KeyValuePair<string, object?>> _tags = [];

    public MeterTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ZMQStreamTelemetry.MeterName) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) => Note(instrument, instrument.IsObservable ? value : 1, tags, value));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, double seconds = 0)
    {
        Dictionary<string, object?> all = new(tags.ToArray());
        if (!Equals(all.GetValueOrDefault("messaging.destination.name"), _name)) return;
        Assert.Equal("zeromq", all["messaging.system"]);
        string kind = string.Concat(all.Where(tag => tag.Key is "error.type" or "zmqloop.drop.reason" or "messaging.operation.type")
            .Select(tag => $" {tag.Value}"));
        lock (_totals)
        {
            if (instrument.Name.StartsWith("rpc.", StringComparison.Ordinal))
                _calls.Add($"{instrument.Name} {all.GetValueOrDefault("rpc.method")} {all.GetValueOrDefault("error.type")} {seconds:0.#}");
            _measurements.Add(instrument.Name);
            _tags.AddRange(tags);
            _totals[instrument.Name + kind] = _totals.GetValueOrDefault(instrument.Name + kind) + value;
        }
    }

    [Fact]
    public void Messages_and_bytes_are_counted_both_ways_with_what_failed()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = _name });
        world.Socket.Arrive(new Message("123", "4"));
        world.Socket.Arrive("56");
        world.Socket.FailSend(3, new ZMQException(ZMQErrorCode.HostUnreachable, 113, "EHOSTUNREACH", "no such peer"));
        world.Stream.OnRecv(message => world.Stream.Send(message, (_, _) => { }));
        world.Stream.Send("789", (_, _) => { });
        world.Run();
        Assert.Equal(2, _totals["messaging.client.consumed.messages receive"]);
        Assert.Equal(6, _totals["zmqloop.stream.received.bytes"]);
        Assert.Equal(2, _totals["messaging.client.sent.messages send"]);
        Assert.Equal(7, _totals["zmqloop.stream.sent.bytes"]);
        Assert.Equal(1, _totals["messaging.client.sent.messages send EHOSTUNREACH"]);
        Assert.Equal(1, _totals["zmqloop.stream.unroutable.messages"]);
        Assert.Equal(2, _totals["messaging.process.duration process"]);
    }

    [Fact]
    public void Callbacks_that_throw_are_told_apart_also_async_ones()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = _name });
        world.Socket.Arrive("1", "2", "3");
        world.Stream.OnRecv(async message =>
        {
            if (message.Text() == "2") await Task.Yield();
            if (message.Text() != "1") throw StreamWorld.Oops;
        });
        world.Run();
        Assert.Equal(1, _totals["messaging.process.duration process"]);
        Assert.Equal(2, _totals["messaging.process.duration process System.InvalidOperationException"]);
    }

    [Fact]
    public void Received_by_asking_counts_too()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = _name });
        Task<Message> waiting = world.Stream.ReceiveAsync().AsTask();
        world.Loop.AddCallback(async () =>
        {
            await waiting;
            world.Socket.Arrive("22");
            await world.Stream.ReceiveAsync();
        });
        world.Socket.Arrive("1");
        world.Run();
        Assert.Equal(2, _totals["messaging.client.consumed.messages receive"]);
        Assert.Equal(3, _totals["zmqloop.stream.received.bytes"]);
    }

    [Fact]
    public void Drops_are_counted_by_reason_and_the_queue_can_be_looked_at()
    {
        using StreamWorld world =
            new(new ZMQStreamOptions { Name = _name, SendQueueLimit = 2, SendQueueFullMode = SendQueueFullMode.DropOldest });
        world.Socket.Room = 0;
        foreach (string text in MessageText.Numbers(5)) world.Stream.Send(text);
        world.Stream.Send(new Message("late"), TimeSpan.FromSeconds(1));
        world.Loop.CallLater(0.5, _listener.RecordObservableInstruments);
        world.Run();
        Assert.Equal(2, _totals["zmqloop.stream.queue.length"]);
        Assert.Equal(5, _totals["zmqloop.stream.queue.bytes"]);
        world.Stream.ClearSendQueue();
        world.Run();
        Assert.Equal(4, _totals["zmqloop.stream.dropped.messages queue_full"]);
        Assert.Equal(1, _totals["zmqloop.stream.dropped.messages expired"]);
        Assert.Equal(1, _totals["zmqloop.stream.dropped.messages cleared"]);
        world.Stream.Close();
        _totals.Clear();
        _listener.RecordObservableInstruments();
        Assert.Empty(_totals);
    }

    [Fact]
    public void What_a_closed_stream_gives_up_is_counted()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = _name });
        world.Socket.Room = 0;
        world.Stream.Send("1");
        world.Stream.Send(new Message("2"), (_, _) => { });
        world.Run();
        world.Stream.Close();
        Assert.Equal(2, _totals["zmqloop.stream.dropped.messages closed"]);
    }

    [Fact]
    public void A_proxy_counts_what_it_gives_on_each_way_and_when_it_is_held_up()
    {
        using ProxyWorld world = new(options: new ProxyOptions { Name = _name });
        world.Back.Room = 2;
        world.Front.Arrive("1", "22", "3");
        world.Back.Arrive("xyz");
        world.Run();
        Assert.Equal(3, _totals["zmqloop.proxy.messages"]);
        Assert.Equal(6, _totals["zmqloop.proxy.bytes"]);
        Assert.Equal(1, _totals["zmqloop.proxy.holdups"]);
        Assert.Contains(new KeyValuePair<string, object?>("zmqloop.proxy.direction", "in"), _tags);
        Assert.Contains(new KeyValuePair<string, object?>("zmqloop.proxy.direction", "out"), _tags);
    }

    [Fact]
    public void A_proxy_counts_what_it_could_not_route_and_what_it_dropped()
    {
        using ProxyWorld router = new(SocketType.Dealer, SocketType.Router, new ProxyOptions { Name = _name });
        router.Back.GonePeers.Add("gone");
        router.Front.Arrive("gone", "here");
        router.Run();
        using ProxyWorld subscriptions = new(SocketType.XPub, SocketType.XSub, new ProxyOptions { Name = _name });
        subscriptions.Front.Arrive(new Message((byte[])[1, .. new byte[9000]]));
        subscriptions.Run();
        Assert.Equal(1, _totals["zmqloop.proxy.unroutable.messages"]);
        Assert.Equal(1, _totals["zmqloop.proxy.oversized.messages"]);
        Assert.Equal(1, _totals["zmqloop.proxy.messages"]);
    }

    [Fact]
    public void Requests_are_measured_where_they_are_answered_by_name_and_outcome_and_no_stranger_makes_a_series()
    {
        using ResponderWorld world = new(new ResponderOptions { Name = _name });
        world.Responder.OnRequest("find", static _ => new Message("found"));
        world.Responder.OnRequest("slow", async (_, cancelled) =>
        {
            await world.Loop.Delay(TimeSpan.FromSeconds(2), cancelled);
            throw new FormatException("soup");
        });
        world.Arrive("peer", "find", "1");
        world.Arrive("peer", "find", "2");
        world.Arrive("peer", "slow");
        world.Arrive("peer", "a stranger's", "1");
        world.Arrive("peer");
        world.Run();
        string[] answered = [.. _calls.Where(static call => call.StartsWith("rpc.server.call.duration", StringComparison.Ordinal))];
        Assert.Equal([
            "rpc.server.call.duration _OTHER bad-request 0", "rpc.server.call.duration _OTHER unknown-name 0",
            "rpc.server.call.duration find  0", "rpc.server.call.duration find  0",
            "rpc.server.call.duration slow System.FormatException 2",
        ], answered.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Requests_are_measured_where_they_are_asked_by_outcome()
    {
        using RequestWorld world = new(new RequestClientOptions { Name = _name });
        world.Serve(static question => question == "lost" ? null : "answer");
        Task<Message> answered = world.Ask("?");
        Task<Message> lost = world.Ask("lost", new RequestOptions { Timeout = TimeSpan.FromSeconds(3) });
        using CancellationTokenSource source = new();
        Task<Message> cancelled = world.Ask("lost", null, source.Token);
        world.Loop.CallLater(1, source.Cancel);
        world.Run();
        await answered;
        await Assert.ThrowsAsync<RequestTimeoutException>(() => lost);
        Assert.True(cancelled.IsCanceled);
        Assert.Equal([
            "rpc.client.call.duration   0", "rpc.client.call.duration  System.OperationCanceledException 1",
            $"rpc.client.call.duration  {typeof(RequestTimeoutException).FullName} 3",
        ], _calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Handlers_under_way_are_counted_and_the_age_of_the_oldest_is_measured()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = _name, MaxConcurrency = 2 });
        world.Stream.OnRecv(static _ => new TaskCompletionSource().Task);
        world.Socket.Arrive("1", "2");
        world.Loop.CallLater(3.0, _listener.RecordObservableInstruments);
        world.Run();
        Assert.Empty(world.Errors);
        Assert.Equal(2, _totals["zmqloop.stream.handlers"]);
        Assert.Equal(3, _totals["zmqloop.stream.handlers.oldest"]);
    }

    [Fact]
    public void Measurements_have_the_name_of_the_streams_loop()
    {
        ScriptedPoller poller = new(new ManualTimeProvider());
        using IOLoop loop = new(new IOLoopOptions { Name = "metered loop", MakeCurrent = false, Poller = poller });
        using ZMQStream named = new(new ScriptedSocket(), loop, new ZMQStreamOptions { Name = _name });
        using StreamWorld other = new(new ZMQStreamOptions { Name = _name });
        _listener.RecordObservableInstruments();
        Assert.Equal(2, _totals["zmqloop.stream.count"]); // two series, since the other loop has no name
        Assert.Equal(2, _measurements.Count(static name => name == "zmqloop.stream.count"));
        Assert.Contains(new KeyValuePair<string, object?>("zmqloop.loop.name", "metered loop"), _tags);
        Assert.Equal(_name, named.Name);
    }

    [Fact]
    public void Open_streams_are_counted_and_those_of_one_name_are_one_measurement()
    {
        using StreamWorld world = new(new ZMQStreamOptions { Name = _name });
        using StreamWorld other = new(new ZMQStreamOptions { Name = _name });
        world.Socket.Room = other.Socket.Room = 0;
        world.Stream.Send("1");
        other.Stream.Send("2");
        _listener.RecordObservableInstruments();
        Assert.Equal(2, _totals["zmqloop.stream.count"]);
        Assert.Equal(2, _totals["zmqloop.stream.queue.length"]);
        Assert.Equal(5, _measurements.Count(static name => name.StartsWith("zmqloop.stream.", StringComparison.Ordinal)));
        other.Stream.Close();
        _totals.Clear();
        _listener.RecordObservableInstruments();
        Assert.Equal(1, _totals["zmqloop.stream.count"]);
    }
}
