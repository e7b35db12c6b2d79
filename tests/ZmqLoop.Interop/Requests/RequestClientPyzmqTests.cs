using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Requests;

/// <summary>Our client, and servers of pyzmq's that know nothing of it.</summary>
public sealed class RequestClientPyzmqTests
{
    private static readonly RequestOptions _patient = new() { Timeout = Deadline.Default };
    private static readonly RequestClientOptions _watchful = new()
    {
        Requests = _patient, HeartbeatInterval = TimeSpan.FromMilliseconds(100), HeartbeatTimeout = TimeSpan.FromMilliseconds(500),
    };

    [Theory]
    [InlineData("rep")]
    [InlineData("router")]
    public async Task Many_requests_at_once_get_their_own_answers(string kind)
    {
        const int Count = 2000;
        using PyzmqProcess server = await PyzmqProcess.ServeAsync(kind, "python");
        await using RequestSide side = new();
        RequestClient client = await side.ClientAsync(new RequestClientOptions { Requests = _patient, MaxInFlight = 100 }, server.Endpoint);
        Message[] answers =
            await Task.WhenAll(Enumerable.Range(0, Count).Select(number => client.RequestAsync(new Message($"{number}", ""))));
        Assert.Equal(Enumerable.Range(0, Count).Select(static number => $"python|{number}|"),
            answers.Select(static answer => answer.Text()));
        Assert.Equal((0, 0, 0L, 0L), (client.InFlight, client.Waiting, client.LateAnswers, client.ForeignMessages));
        Assert.Empty(side.Errors);
    }

    [Fact]
    public async Task A_ROUTER_in_Python_answers_with_an_error_that_the_client_throws()
    {
        using PyzmqProcess server = await PyzmqProcess.ServeAsync("router", "python");
        await using RequestSide side = new();
        RequestClient client = await side.ClientAsync(new RequestClientOptions { Requests = _patient }, server.Endpoint);
        RemoteException error = await Assert.ThrowsAsync<RemoteException>(() => client.RequestAsync(new Message("fail declined no money")));
        Assert.Equal(("declined", "no money"), (error.Code, error.Message));
    }

    [Fact]
    public async Task A_late_answer_of_a_REP_is_nobodys_and_the_next_request_gets_its_own()
    {
        using PyzmqProcess server = await PyzmqProcess.ServeAsync("rep", "python");
        await using RequestSide side = new();
        RequestClient client = await side.ClientAsync(new RequestClientOptions { Requests = _patient }, server.Endpoint);
        await client.RequestAsync(new Message("hello"));
        RequestTimeoutException error = await Assert.ThrowsAsync<RequestTimeoutException>(() =>
            client.RequestAsync(new Message("sleep 0.5"), new RequestOptions { Timeout = TimeSpan.FromSeconds(0.1) }));
        Assert.Equal(1, error.TimesSent);
        Assert.Equal("python|next", (await client.RequestAsync(new Message("next"))).Text());
        Assert.Equal(1, client.LateAnswers);
    }

    [Theory]
    [InlineData("rep")]
    [InlineData("router")]
    public async Task After_kill_9_of_the_server_requests_wait_for_the_next_one_and_what_the_dead_one_had_is_sent_again(string kind)
    {
        await using RequestSide side = new();
        using PyzmqProcess first = await PyzmqProcess.ServeAsync(kind, "first");
        RequestClient client = await side.ClientAsync(_watchful, first.Endpoint);
        Assert.Equal("first|hello", (await client.RequestAsync(new Message("hello"))).Text());
        Task<Message> lost = client.RequestAsync(new Message("sleep 2"),
            _patient with { Retries = 100, TryTimeout = TimeSpan.FromSeconds(0.5) });
        first.Kill();
        Task<Message>[] answers = [.. Enumerable.Range(0, 100).Select(number => client.RequestAsync(new Message($"{number}"),
            _patient with { Retries = 100 }))];
        using PyzmqProcess second = await PyzmqProcess.ServeAsync(kind, "second", first.Endpoint);
        Assert.Equal(Enumerable.Range(0, 100).Select(static number => $"second|{number}"),
            (await Task.WhenAll(answers)).Select(static answer => answer.Text()));
        Assert.Equal("second|sleep 2", (await lost).Text());
    }

    [Fact]
    public async Task Two_servers_share_the_requests_and_one_that_is_killed_gets_none()
    {
        await using RequestSide side = new();
        using PyzmqProcess one = await PyzmqProcess.ServeAsync("rep", "one");
        using PyzmqProcess two = await PyzmqProcess.ServeAsync("rep", "two");
        RequestClient client = await side.ClientAsync(_watchful, one.Endpoint, two.Endpoint);
        await UntilBothAnswerAsync(client);
        one.Kill();
        await UntilOnlyAsync(client, "two");
    }

    [Fact]
    public async Task A_server_whose_host_vanishes_is_left_out_by_its_heartbeats()
    {
        await using RequestSide side = new();
        using PyzmqProcess one = await PyzmqProcess.ServeAsync("rep", "one");
        using PyzmqProcess two = await PyzmqProcess.ServeAsync("rep", "two");
        using TcpRelay way = new(one.Endpoint);
        RequestClient client = await side.ClientAsync(_watchful, way.Endpoint, two.Endpoint);
        await UntilBothAnswerAsync(client);
        way.Cut();
        await UntilOnlyAsync(client, "two");
    }

    /// <summary>The kernel of its host goes on taking connections.</summary>
    [Fact]
    public async Task A_server_that_is_stopped_is_left_out_where_the_engine_waits_for_handshakes()
    {
        EngineUnderTest.Current.Need(Abilities.Handshakes); // NetMQ takes a TCP connection for a server
        await using RequestSide side = new();
        using PyzmqProcess one = await PyzmqProcess.ServeAsync("rep", "one");
        using PyzmqProcess two = await PyzmqProcess.ServeAsync("rep", "two");
        RequestClient client = await side.ClientAsync(_watchful, one.Endpoint, two.Endpoint);
        await UntilBothAnswerAsync(client);
        one.Freeze();
        await UntilOnlyAsync(client, "two");
    }

    private static async Task UntilBothAnswerAsync(RequestClient client)
    {
        HashSet<string> heard = [];
        while (heard.Count < 2) heard.Add((await client.RequestAsync(new Message("hello")))[0].ToText());
    }

    /// <summary>Until 20 requests in a row were answered by one server, none of them late.</summary>
    private static async Task UntilOnlyAsync(RequestClient client, string name)
    {
        long start = TimeProvider.System.GetTimestamp();
        for (int row = 0; row < 20;)
        {
            try
            {
                Message answer = await client.RequestAsync(new Message("hello"), new RequestOptions { Timeout = TimeSpan.FromSeconds(1) });
                row = answer[0].ToText() == name ? row + 1 : 0;
            }
            catch (RequestTimeoutException error)
            {
                row = 0;
                Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline.Default, error.Message);
            }
        }
    }
}
