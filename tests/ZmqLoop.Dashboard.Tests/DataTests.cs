using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZmqLoop.Dashboard.Tests;

/// <summary>The JSON: what docs/dashboard.md promises.</summary>
public sealed partial class DataTests
{
    [Fact]
    public async Task A_process_without_loops_has_a_page_all_the_same()
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        JsonElement data = await site.DataAsync(static data => data.GetProperty("loops").GetArrayLength() == 0);
        Assert.Equal(0, data.GetProperty("streamCount").GetInt32());
        Assert.Equal(0, data.GetProperty("findingCount").GetInt32());
        Assert.StartsWith("Looked at for ", data.GetProperty("note").GetString(), StringComparison.Ordinal); // nothing is found yet
        Assert.NotEqual("dotnet", data.GetProperty("process").GetProperty("name").GetString());
        Assert.Equal(Environment.ProcessId, data.GetProperty("process").GetProperty("id").GetInt32());
    }

    [Fact]
    public async Task Every_member_stands_in_the_promise_and_the_promise_names_no_other()
    {
        using ScriptedLoop loop = new();
        using ScriptedSocket socket = new(SocketType.Router);
        using ZMQStream stream = new(socket, loop, new ZMQStreamOptions { Name = "orders" });
        using ScriptedSocket front = new(), back = new();
        using ZMQProxy proxy = new(front, back, null, loop);
        SnapshotSampler sampler = new(TimeProvider.System);
        sampler.Take();
        Snapshot snapshot = sampler.Take().Show(new SnapshotQuery(10, "")) with
        {
            Findings = [new Finding(Severity.Notice, "rule", "title", "action")],
            Peers = [new PeerSnapshot(1, "orders", "tcp://127.0.0.1:1", Accepted: true, default, 1)],
        };
        CallbackSnapshot callback = new("x", 1, ["context"]);
        snapshot = snapshot with
        {
            Loops = [snapshot.Loops[0] with
            {
                Current = callback, Busiest = callback, Slowest = callback, Blocks = [new BlockSnapshot("x", default, 1, true)],
            }],
            Streams = [snapshot.Streams[0] with
            {
                Connections = new ConnectionSnapshot(1, 1, 1, 1, 1, 1), Recent = Samples.Recent, Requests = default(RequestSnapshot),
            }],
        };
        string text = File.ReadAllText(Path.Combine(Checkout.Root, "docs", "dashboard.md"));
        string section = text.Split("## As data")[1].Split("## What it costs")[0];
        string[] promised = [.. Word().Matches(section).Select(static match => match.Groups[1].Value)];
        string[] members = [.. Members(JsonSerializer.SerializeToElement(snapshot, SnapshotJson.Default.Snapshot)).Distinct()];
        Assert.Empty(members.Except(promised));
        Assert.Empty(promised.Except(members).Except(["data", "events", "critical", "warning", "notice", "null", "version"]));
    }

    [Fact]
    public async Task Names_with_markup_are_data_and_5000_streams_are_not_all_shown()
    {
        const string Name = "<img src=x onerror=alert(1)>\"'&";
        using ScriptedLoop loop = new();
        List<ZMQStream> streams = [];
        for (int i = 0; i < 5000; i++)
            streams.Add(new ZMQStream(new ScriptedSocket(), loop, new ZMQStreamOptions { Name = i == 4321 ? Name : $"client {i}" }));
        await using DashboardSite site = await DashboardSite.StartAsync();
        JsonElement data = await site.DataAsync();
        Assert.Equal(5000, data.GetProperty("streamCount").GetInt32());
        Assert.Equal(100, data.GetProperty("streams").GetArrayLength());
        Assert.Equal(7, (await site.DataAsync("?streams=7")).GetProperty("streams").GetArrayLength());
        string filtered = await site.Client.GetStringAsync("/zmqloop/data?filter=onerror", TestContext.Current.CancellationToken);
        Assert.DoesNotContain('<', filtered);
        JsonElement found = JsonDocument.Parse(filtered).RootElement;
        Assert.Equal(1, found.GetProperty("streamCount").GetInt32());
        Assert.Equal(Name, found.GetProperty("streams")[0].GetProperty("name").GetString());
        Assert.Equal(5000, found.GetProperty("totals").GetProperty("streams").GetInt32());
        foreach (ZMQStream stream in streams) stream.Dispose();
    }

    [Fact]
    public async Task Requests_that_are_not_answered_yet_are_told_of_with_those_that_wait_for_a_place()
    {
        using ScriptedLoop loop = new();
        using RequestClient client = new(
            new ScriptedSocket(), loop, new RequestClientOptions { Name = "prices", MaxInFlight = 2 });
        for (int i = 0; i < 5; i++) _ = client.RequestAsync(new Message("?"), TestContext.Current.CancellationToken);
        loop.RunFor(TimeSpan.FromMilliseconds(1));
        await using DashboardSite site = await DashboardSite.StartAsync();
        JsonElement requests = (await site.DataAsync("?filter=prices")).GetProperty("streams")[0].GetProperty("requests");
        Assert.Equal((2, 3, 0L), (requests.GetProperty("inFlight").GetInt32(), requests.GetProperty("waiting").GetInt32(),
            requests.GetProperty("answers").GetInt64()));
    }

    [Theory]
    [InlineData("?streams=-1")]
    [InlineData("?streams=1001")]
    [InlineData("?streams=many")]
    [InlineData("?streams=99999999999")]
    public async Task A_wrong_question_is_answered_with_what_is_right(string query)
    {
        await using DashboardSite site = await DashboardSite.StartAsync();
        foreach (string route in (string[])["data", "events"])
        {
            HttpResponseMessage response = await site.GetAsync($"/zmqloop/{route}{query}");
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("?streams=100", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await site.GetAsync($"/zmqloop/data?filter={new string('x', 101)}")).StatusCode);
    }

    [Fact]
    public async Task A_loop_that_is_blocked_is_told_of_with_what_blocks_it_and_does_not_keep_the_page_waiting()
    {
        using ManualResetEventSlim gate = new();
        await using IOLoopThread thread = IOLoopThread.Start(static () => new IOLoop(new IOLoopOptions { Name = "stuck" }));
        thread.Loop.AddCallback(() => new StackContext(static () => new MemoryStream()) { Name = "request 7" }
            .Run(() => thread.Loop.AddCallback(() => WaitFor(gate))));
        await using DashboardSite site = await DashboardSite.StartAsync();
        try
        {
            JsonElement data = await site.DataAsync(static data =>
                data.GetProperty("findingCount").GetInt32() > 0 && $"{data.GetProperty("findings")[0]}".Contains("blocked-loop"));
            JsonElement finding = data.GetProperty("findings")[0];
            Assert.Equal("critical", finding.GetProperty("severity").GetString());
            Assert.Contains("Loop stuck has been blocked for", finding.GetProperty("title").GetString(), StringComparison.Ordinal);
            JsonElement current = data.GetProperty("loops")[0].GetProperty("current");
            Assert.Contains(nameof(DataTests), current.GetProperty("callback").GetString(), StringComparison.Ordinal);
            Assert.Equal("StackContext request 7", current.GetProperty("contexts")[0].GetString());
        }
        finally
        {
            gate.Set();
        }
    }

    private static void WaitFor(ManualResetEventSlim gate) => gate.Wait();

    private static IEnumerable<string> Members(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static member => Members(member.Value).Prepend(member.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Members),
        _ => [],
    };

    [GeneratedRegex("`([a-z][A-Za-z]*)`")]
    private static partial Regex Word();
}
