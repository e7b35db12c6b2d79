using ZmqLoop.Streams;

namespace ZmqLoop.Interop.Requests;

/// <summary>A client's cancelling travels to whichever responder has the request, and harms no other server.</summary>
public sealed class CancellationPyzmqTests
{
    private static readonly RequestOptions _telling = new() { Timeout = Deadline.Default, TellsCancellation = true };
    private static readonly RequestClientOptions _client = new() { Requests = _telling };

    [Fact]
    public async Task Of_two_servers_that_one_hears_of_it_which_has_the_request_and_of_many_requests_that_one_ends()
    {
        const int Count = 20;
        await using RequestSide side = new();
        SlowServer[] servers = [await SlowServer.StartAsync(side), await SlowServer.StartAsync(side)];
        RequestClient client = await side.ClientAsync(_client, servers[0].Endpoint, servers[1].Endpoint);
        using CancellationTokenSource cancel = new();
        Task<Message>[] answers = [.. Enumerable.Range(0, Count).Select(number =>
            client.RequestAsync(new Message($"{number}"), number == 7 ? cancel.Token : CancellationToken.None))];
        Deadline.WaitUntil(() => servers.Sum(static server => server.Responder.HandlersRunning) == Count);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers[7]);
        Deadline.WaitUntil(() => servers.Sum(static server => server.Responder.CancelledRequests) == 1);
        Assert.Equal(["7"], servers.SelectMany(static server => server.Cancelled));
        foreach (SlowServer server in servers) server.Go();
        foreach (int number in Enumerable.Range(0, Count).Where(static number => number != 7))
            Assert.Equal($"{number}", (await answers[number]).Text());
        Assert.Equal(Count - 1, servers.Sum(static server => server.Responder.Replies));
        Assert.Equal((0L, 0L), (client.LateAnswers, client.ForeignMessages));
        Assert.Empty(side.Errors);
    }

    [Theory]
    [InlineData("timeout")]
    [InlineData("Close")]
    [InlineData("CloseAsync")]
    public async Task A_client_that_gives_up_says_so_before_it_is_gone(string how)
    {
        await using RequestSide side = new();
        SlowServer server = await SlowServer.StartAsync(side);
        RequestClient client = await side.ClientAsync(_client, server.Endpoint);
        await side.Loop.InvokeAsync(() => client.Socket.Linger = Deadline.Default);
        Task<Message> answer = client.RequestAsync(new Message("x"),
            how == "timeout" ? _telling with { Timeout = TimeSpan.FromSeconds(0.3) } : _telling);
        Deadline.WaitUntil(() => server.Responder.HandlersRunning == 1);
        if (how == "Close") client.Close();
        if (how == "CloseAsync") Assert.False(await client.CloseAsync(TimeSpan.Zero));
        await Assert.ThrowsAnyAsync<Exception>(() => answer);
        Deadline.WaitUntil(() => server.Responder.CancelledRequests == 1);
        Assert.Equal(["x"], server.Cancelled);
    }

    [Fact]
    public async Task A_responder_that_came_back_is_told_of_its_own_requests_and_of_nobody_elses()
    {
        await using RequestSide side = new();
        SlowServer first = await SlowServer.StartAsync(side);
        RequestClient client = await side.ClientAsync(_client, first.Endpoint);
        using CancellationTokenSource cancel = new();
        Task<Message> lost = client.RequestAsync(new Message("lost"), cancel.Token);
        Deadline.WaitUntil(() => first.Responder.HandlersRunning == 1);
        first.Responder.Close();
        SlowServer second = await SlowServer.StartAsync(side, first.Endpoint);
        Task<Message> next = client.RequestAsync(new Message("next"),
            _telling with { Retries = 100, TryTimeout = TimeSpan.FromSeconds(0.5) }, cancel.Token); // the old connection may take it
        Deadline.WaitUntil(() => second.Responder.HandlersRunning > 0);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lost);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        Deadline.WaitUntil(() => second.Responder is { CancelledRequests: > 0, HandlersRunning: 0 });
        Assert.All(second.Cancelled, static request => Assert.Equal("next", request));
    }

    [Fact]
    public async Task Through_a_proxy_it_reaches_the_one_server_behind_it()
    {
        await using RequestSide side = new();
        (string front, string back) = await side.ProxyAsync();
        SlowServer server = await SlowServer.StartAsync(side, back, connects: true);
        RequestClient client = await side.ClientAsync(_client, front);
        using CancellationTokenSource cancel = new();
        Task<Message> answer = client.RequestAsync(new Message("x"), cancel.Token);
        Deadline.WaitUntil(() => server.Responder.HandlersRunning == 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Deadline.WaitUntil(() => server.Responder.CancelledRequests == 1);
        Assert.Empty(side.Errors);
    }

    [Fact]
    public async Task A_DEALER_of_pyzmqs_calls_its_request_off_by_hand_and_gets_no_answer_to_it()
    {
        await using RequestSide side = new();
        SlowServer server = await SlowServer.StartAsync(side);
        using PyzmqProcess client = PyzmqProcess.Client("dealer", server.Endpoint);
        Assert.Empty(await client.AskAsync("cancel|x"));
        Deadline.WaitUntil(() => server.Responder.CancelledRequests == 1);
        server.Go();
        Assert.Equal(["my own number", "", "next"], await client.AskAsync("next"));
        Assert.Equal(1L, server.Responder.Replies);
    }

    [Fact]
    public async Task A_plain_REP_takes_it_for_no_request_and_answers_the_next_one()
    {
        using PyzmqProcess server = await PyzmqProcess.ServeAsync("rep", "python");
        await using RequestSide side = new();
        RequestClient client = await side.ClientAsync(_client, server.Endpoint);
        await client.RequestAsync(new Message("hello"));
        await Assert.ThrowsAsync<RequestTimeoutException>(() => client.RequestAsync(new Message("sleep 0.5"),
            _telling with { Timeout = TimeSpan.FromSeconds(0.1) }));
        Assert.Equal("python|next", (await client.RequestAsync(new Message("next"))).Text());
        Assert.Equal((1L, 0L), (client.LateAnswers, client.ForeignMessages));
    }
}
