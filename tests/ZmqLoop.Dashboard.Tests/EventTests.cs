using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>Server-sent events: one snapshot a second for all who listen, while somebody does.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task Snapshots_come_one_after_the_other_until_the_application_stops()
    {
        using ScriptedLoop loop = new();
        await using DashboardSite site = await DashboardSite.StartAsync();
        using HttpResponseMessage response = await site.Client.GetAsync(
            "/zmqloop/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        using StreamReader events = new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        JsonElement first = await NextAsync(events);
        JsonElement second = await NextAsync(events);
        Assert.True(second.GetProperty("time").GetDateTimeOffset() > first.GetProperty("time").GetDateTimeOffset());
        Assert.Equal(1, second.GetProperty("loops").GetArrayLength());
        Task stopped = site.StopAsync();
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is not null)
        {
            // what was on its way
        }

        await stopped;
    }

    [Fact]
    public async Task A_time_limit_of_the_applications_for_all_requests_ends_no_listening()
    {
        await using DashboardSite site = await DashboardSite.StartAsync(
            services: static services => services.AddRequestTimeouts(static limits => limits.DefaultPolicy =
                new RequestTimeoutPolicy { Timeout = TimeSpan.FromMilliseconds(100) }),
            use: static app => app.UseRequestTimeouts());
        using HttpResponseMessage response = await site.Client.GetAsync(
            "/zmqloop/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using StreamReader events = new(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        for (int i = 0; i < 3; i++) await NextAsync(events); // one a second
    }

    [Fact]
    public async Task Who_listens_counts_until_it_goes_and_all_get_the_same_text()
    {
        SnapshotFeed feed = new(TimeProvider.System);
        SnapshotQuery query = new(10, "");
        using CancellationTokenSource gone = new();
        IAsyncEnumerator<byte[]> one = feed.ListenAsync(query, gone.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        IAsyncEnumerator<byte[]> other = feed.ListenAsync(query, gone.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await one.MoveNextAsync();
        await other.MoveNextAsync();
        Assert.Equal(2, feed.Listeners);
        Assert.Same(one.Current, other.Current);
        await gone.CancelAsync();
        Assert.False(await one.MoveNextAsync());
        Assert.False(await other.MoveNextAsync());
        Assert.Equal(0, feed.Listeners);
    }

    [Fact]
    public async Task A_client_that_goes_away_listens_no_more()
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        List<HttpResponseMessage> responses = [];
        for (int i = 0; i < 33; i++) responses.Add(await OpenAsync()); // one more than may listen at once
        Assert.Equal(HttpStatusCode.ServiceUnavailable, responses[^1].StatusCode);
        Assert.All(responses[..^1], static response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        foreach (HttpResponseMessage response in responses) response.Dispose();
        await Task.Run(() => Deadline.WaitUntil(() => // that they have gone is noticed soon
        {
            using HttpResponseMessage response = OpenAsync().Result;
            return response.IsSuccessStatusCode;
        }));

        Task<HttpResponseMessage> OpenAsync() => site.Client.GetAsync(
            "/zmqloop/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_client_that_reads_nothing_loses_its_place()
    {
        using ScriptedLoop loop = new();
        List<ZMQStream> streams = [];
        for (int i = 0; i < 1000; i++) // more than the buffers between them take
            streams.Add(new ZMQStream(new ScriptedSocket(), loop, new ZMQStreamOptions { Name = new string('x', 10_000) }));
        await using DashboardSite site = await DashboardSite.StartAsync();
        using Socket client = new(System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync("127.0.0.1", site.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        client.Send("GET /zmqloop/events?streams=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"u8);
        await Task.Run(() => Deadline.WaitUntil(IsOver));
        foreach (ZMQStream stream in streams) stream.Dispose();

        bool IsOver()
        {
            try
            {
                return client.Send("x"u8) == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    [Fact]
    public void Whoever_asks_how_often_a_sample_a_second_is_taken()
    {
        ManualTimeProvider time = new();
        SnapshotFeed feed = new(time);
        SnapshotQuery query = new(10, "");
        byte[] first = feed.Get(query);
        Assert.Same(first, feed.Get(query));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Same(first, feed.Get(query));
        Assert.NotSame(first, feed.Get(new SnapshotQuery(11, "")));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.NotSame(first, feed.Get(query));
    }

    [Fact]
    public async Task Who_begins_to_listen_is_not_told_of_what_was_seen_when_somebody_asked_long_ago()
    {
        ManualTimeProvider time = new();
        SnapshotFeed feed = new(time);
        SnapshotQuery query = new(10, "");
        byte[] asked = feed.Get(query);
        time.Advance(TimeSpan.FromSeconds(5));
        await using IAsyncEnumerator<byte[]> listener =
            feed.ListenAsync(query, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await listener.MoveNextAsync());
        Assert.NotSame(asked, listener.Current);
    }

    [Fact]
    public void Rates_are_those_of_two_looks_and_are_forgotten_when_nobody_has_looked_for_long()
    {
        ManualTimeProvider time = new();
        SnapshotFeed feed = new(time);
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new();
        using ZMQStream stream = new(socket, loop, new ZMQStreamOptions { Name = "orders" });
        stream.OnRecv(static _ => { });
        Assert.Equal(JsonValueKind.Null, Stream().GetProperty("receivedPerSecond").ValueKind);
        for (int i = 0; i < 20; i++) socket.Arrive("1");
        loop.RunUntilIdle();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(10, Stream().GetProperty("receivedPerSecond").GetDouble());
        Assert.Equal(20, Stream().GetProperty("recent").GetProperty("received").GetInt64());
        Assert.Equal("[10]", Stream().GetProperty("receivedHistory").ToString());
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(JsonValueKind.Null, Stream().GetProperty("receivedPerSecond").ValueKind);

        JsonElement Stream() => JsonDocument.Parse(feed.Get(new SnapshotQuery(10, "orders"))).RootElement.GetProperty("streams")[0];
    }

    [Fact]
    public void What_is_recent_is_a_minute_at_most()
    {
        StreamHistory history = new(TimeSpan.Zero, default);
        for (int second = 1; second <= 200; second++)
            history.Add(TimeSpan.FromSeconds(second), new StreamCounters { Dropped = second }, 0);
        Assert.InRange(history.Recent!.Value.Seconds, 47, 61);
        Assert.Equal(history.Recent.Value.Seconds, history.Recent.Value.Dropped);
        Assert.Equal(60, history.Received.ToArray().Count);
    }

    [Fact]
    public void A_monitor_that_is_replaced_takes_nothing_from_what_is_recent()
    {
        StreamHistory history = new(TimeSpan.Zero, new StreamCounters { Connects = 1_000 });
        history.Add(TimeSpan.FromSeconds(1), new StreamCounters { Connects = 1_004, Sent = 3 }, 0);
        history.Add(TimeSpan.FromSeconds(2), new StreamCounters { Sent = 4 }, 0); // there is none
        history.Add(TimeSpan.FromSeconds(3), new StreamCounters { Connects = 2, Sent = 5 }, 0);
        Assert.Equal((6L, 5L), (history.Recent!.Value.Connects, history.Recent.Value.Sent));
    }

    private static async Task<JsonElement> NextAsync(StreamReader events)
    {
        string? line = await events.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("data: ", line, StringComparison.Ordinal);
        Assert.Equal("", await events.ReadLineAsync(TestContext.Current.CancellationToken));
        return JsonDocument.Parse(line!["data: ".Length..]).RootElement;
    }
}
