using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace ZmqLoop.Telemetry;

/// <summary>What the real SDK of OpenTelemetry reads of traces, and of logs in them.</summary>
[Collection(nameof(MetricsTests))]
public sealed class TraceTests
{
    [Fact]
    public void The_sdk_reads_a_trace_from_the_sender_to_what_the_callback_starts()
    {
        List<Activity> spans = [];
        using ActivitySource source = new("ZmqLoop.Telemetry.Tests");
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().SetSampler(new AlwaysOnSampler())
            .AddSource(ZmqLoopTelemetry.ActivitySourceName, source.Name).AddInMemoryExporter(spans).Build();
        using TracedWorld world = new();
        bool done = false;
        world.Receiver.OnRecv(async _ =>
        {
            await world.Loop.Delay(TimeSpan.FromMilliseconds(1));
            using Activity? inside = source.StartActivity("inside");
            done = true;
        });
        using (source.StartActivity("checkout")) world.Sender.Send("order");
        world.RunUntil(() => done);
        world.RunUntil(() => Find(spans, $"process {TracedWorld.Stream}") is not null);
        string[] chain = ["checkout", $"send {TracedWorld.Stream}", $"process {TracedWorld.Stream}", "inside"];
        foreach ((string parent, string child) in chain.Zip(chain[1..]))
        {
            Assert.Equal(Find(spans, parent)!.SpanId, Find(spans, child)!.ParentSpanId);
            Assert.Equal(Find(spans, "checkout")!.TraceId, Find(spans, child)!.TraceId);
        }

        foreach (string side in chain[1..3]) Assert.Equal(world.Port, Find(spans, side)!.GetTagItem("server.port")); // that was drawn
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_entry_of_a_callback_that_threw_has_its_trace_its_scopes_and_what_it_had(bool isAsync)
    {
        List<Activity> spans = [];
        List<LogRecord> records = [];
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().SetSampler(new AlwaysOnSampler())
            .AddSource(ZmqLoopTelemetry.ActivitySourceName).AddInMemoryExporter(spans).Build();
        List<string> scopes = [];
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.IncludeFormattedMessage = true;
            options.AddProcessor(new ScopeReader(scopes)); // a record's scopes can be read while it is logged
            options.AddInMemoryExporter(records);
        }));
        using TracedWorld world = new(loggers);
        using (loggers.CreateLogger("test").BeginScope("shop {Shop}", 7))
        {
            if (isAsync) world.Receiver.OnRecv(async _ =>
            {
                await world.Loop.Delay(TimeSpan.FromMilliseconds(1));
                throw new FormatException("soup");
            });
            else world.Receiver.OnRecv(static _ => throw new FormatException("soup"));
        }

        world.Sender.SendMultipart("order", "soup");
        world.RunUntil(() => records.Count > 0);
        Activity process = Find(spans, $"process {TracedWorld.Stream}")!;
        LogRecord record = Assert.Single(records);
        Assert.Equal((process.TraceId, process.SpanId), (record.TraceId, record.SpanId));
        Assert.Equal((1, LogLevel.Error), (record.EventId.Id, record.LogLevel));
        Assert.Contains("which had a message of 2 frames, 9 bytes", record.FormattedMessage, StringComparison.Ordinal);
        Assert.EndsWith(": ['order', 'soup']", record.FormattedMessage, StringComparison.Ordinal);
        Assert.Equal(["shop 7"], scopes);
    }

    [Fact]
    public void So_has_that_of_a_callback_of_the_loops()
    {
        List<LogRecord> records = [];
        List<string> scopes = [];
        using ILoggerFactory loggers = Loggers(records, scopes);
        using TracedWorld world = new(loggers);
        using Activity work = new Activity("work").Start();
        using (loggers.CreateLogger("test").BeginScope("shop {Shop}", 7))
        {
            world.Loop.AddCallback(static () => throw new FormatException("soup"));
            world.Loop.CallLater(0.001, static () => throw new FormatException("soup"));
            world.Loop.AddCallback(async () =>
            {
                await world.Loop.Delay(TimeSpan.FromMilliseconds(1));
                throw new FormatException("soup");
            });
        }

        world.RunUntil(() => records.Count == 3);
        Assert.All(records, record => Assert.Equal(work.TraceId, record.TraceId));
        Assert.Equal(["shop 7", "shop 7", "shop 7"], scopes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void So_has_that_of_a_send_callback_of_where_it_was_given(bool ofOne)
    {
        List<LogRecord> records = [];
        List<string> scopes = [];
        using ILoggerFactory loggers = Loggers(records, scopes);
        using TracedWorld world = new(loggers);
        using Activity work = new Activity("work").Start();
        using (loggers.CreateLogger("test").BeginScope("shop {Shop}", 7))
        {
            Action<Message, Exception?> callback = static (_, _) => throw new FormatException("soup");
            if (!ofOne) world.Sender.OnSend(callback);
            world.Sender.Send(new Message("order"), ofOne ? callback : null);
        }

        Activity.Current = null;
        world.RunUntil(() => records.Count > 0);
        Assert.Equal((work.TraceId, work.SpanId), (Assert.Single(records).TraceId, records[0].SpanId));
        Assert.Equal(["shop 7"], scopes);
    }

    private static Activity? Find(List<Activity> spans, string name) => spans.SingleOrDefault(span => span.DisplayName == name);

    private static ILoggerFactory Loggers(List<LogRecord> records, List<string> scopes) =>
        LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.IncludeScopes = true;
            options.AddProcessor(new ScopeReader(scopes));
            options.AddInMemoryExporter(records);
        }));

    private sealed class ScopeReader(List<string> scopes) : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord record) =>
            record.ForEachScope(static (scope, scopes) => scopes.Add($"{scope.Scope}"), scopes);
    }
}
